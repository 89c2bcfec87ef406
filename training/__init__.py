"""The commands that made every file under inference/weights."""
