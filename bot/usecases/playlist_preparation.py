"""Read playlist files, and give tracks the moods that their own words and values tell.

Files are read in a process of their own, which holds no models: this module imports neither storage nor torch.
"""

from dataclasses import dataclass

from domain.tracks import Track, TrackMood
from music.errors import Problem
from music.moods import mood_of
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.formats.format_detection import read_playlist


@dataclass(frozen=True, slots=True)
class PreparedPlaylist:
    """Hold a playlist that is ready to be stored.

    `skipped` counts rows that held no track; `problems` are about the whole of it.
    """

    name: str
    tracks: list[tuple[Track, TrackMood | None]]
    skipped: int
    problems: tuple[Problem, ...]


def prepare_file(name: str, data: bytes) -> PreparedPlaylist:
    """Read a playlist file and give its tracks moods; raises PlaylistError."""
    return prepare(read_playlist(name, data).nonempty())


def prepare(playlist: ImportedPlaylist) -> PreparedPlaylist:
    """Give the tracks of a playlist moods, so that it can be stored."""
    tracks = [with_mood(track) for track in playlist.tracks]
    return PreparedPlaylist(playlist.name, tracks, len(playlist.skipped), playlist.problems)


def with_mood(track: Track) -> tuple[Track, TrackMood | None]:
    """Return the track with the mood that its own words and values tell, ready to be stored."""
    return track, mood_of(track)
