"""Estimate moods of tracks: one source of evidence a module, which combination.py combines.

No module that reads texts (titles, genres) looks at what came from Spotify's API, whose terms forbid it.
"""

from music.moods.combination import mood_of

__all__ = ["mood_of"]
