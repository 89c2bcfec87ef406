"""Tracks in, an ordered choice out: playlists from files and links, moods of tracks, and the selection.

Reading order: tracks.py, sources/, moods/, taste.py, ranking.py, selection.py; listen.py makes the links.
"""

from domain.tracks import Features, MoodSource, Provenance, Track, TrackMood
from music.listen import listen_link
from music.moods import mood_of
from music.selection import Candidate, Choice, Reason, ReasonKind, match, regulate
from music.taste import Answer, Taste

__all__ = [
    "Answer",
    "Candidate",
    "Choice",
    "Features",
    "MoodSource",
    "Provenance",
    "Reason",
    "ReasonKind",
    "Taste",
    "Track",
    "TrackMood",
    "listen_link",
    "match",
    "mood_of",
    "regulate",
]
