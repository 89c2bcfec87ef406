"""Take tracks in and choose some of them, in an order: playlists, moods of tracks, and the selection.

Reading order: sources/ (playlists in), moods/, sound/ and lookups/ (what is believed of each track), selection/ (the
choice); track_links.py says where a track can be heard, wording.py what is wrong with a playlist.
"""

from domain.tracks import Features, MoodSource, Provenance, Track, TrackMood
from music.moods import mood_of
from music.selection import (
    Candidate,
    CandidateList,
    Choice,
    Rating,
    Reason,
    ReasonKind,
    SelectionRequest,
    Taste,
    select,
)
from music.track_links import listen_link

__all__ = [
    "Candidate",
    "CandidateList",
    "Choice",
    "Features",
    "MoodSource",
    "Provenance",
    "Rating",
    "Reason",
    "ReasonKind",
    "SelectionRequest",
    "Taste",
    "Track",
    "TrackMood",
    "listen_link",
    "mood_of",
    "select",
]
