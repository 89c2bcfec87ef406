"""What is believed about a track's mood: one provider a module, chain.py combines them.

No provider that reads texts (titles, genres) looks at what came from Spotify's API, whose terms forbid it.
"""

from music.moods.chain import mood_of

__all__ = ["mood_of"]
