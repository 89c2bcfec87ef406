"""What is believed about a track's mood: one provider a module, combination.py combines them.

No provider that reads texts (titles, genres) looks at what came from Spotify's API, whose terms forbid it.
"""

from music.moods.combination import mood_of

__all__ = ["mood_of"]
