"""Provide the one way to ffmpeg, for whoever reads sounds or films: ffmpeg.py."""
