"""Convert sounds and films with ffmpeg, for whoever reads them: see ffmpeg.py."""
