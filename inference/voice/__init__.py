"""Read the expression of a voice in a recording."""
