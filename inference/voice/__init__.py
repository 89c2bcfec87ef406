"""Sound bytes -> a reading of the voice."""
