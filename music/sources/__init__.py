"""Read playlists from where people have them: files, links, and audio sent into the chat."""

from music.errors import PlaylistError, Problem
from music.sources.entries.imported_playlist import ImportedPlaylist, Skipped
from music.sources.formats.format_detection import read_playlist

__all__ = ["ImportedPlaylist", "PlaylistError", "Problem", "Skipped", "read_playlist"]
