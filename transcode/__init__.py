"""Bring sounds and films into another form: containers by ffmpeg (ffmpeg.py), sample rates (resampling.py)."""
