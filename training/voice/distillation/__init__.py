"""The voice net learns from its teacher what to hear, without labels."""
