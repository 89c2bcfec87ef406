"""Read the expression of the largest face in a photo."""
