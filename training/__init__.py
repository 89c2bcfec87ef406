"""Hold the commands that made every file under inference/weights and music/sound/weights."""
