"""Photo bytes -> a reading of the largest face."""
