"""Playlists from where people have them: files, links and audio sent into the chat. One module per source."""

from music.sources.errors import PlaylistError
from music.sources.files import read_playlist
from music.sources.imported import ImportedPlaylist, Skipped

__all__ = ["ImportedPlaylist", "PlaylistError", "Skipped", "read_playlist"]
