"""Any file that a person sends as a playlist: recognised by what it holds, its name is only a hint."""

import re
from pathlib import PurePath

from music.sources.csv_tables import read_table
from music.sources.errors import FileTooLarge, NoTracks, UnsupportedFormat
from music.sources.imported import ImportedPlaylist
from music.sources.m3u import read_m3u
from music.sources.text import decode

MAX_BYTES = 20_000_000  # as much as Telegram lets a bot download
MAX_LINES = 100_000
_MAX_NAME = 100
_READABLE = "Please send a CSV file (Exportify, TuneMyMusic, Soundiiz or your own) or an M3U playlist"
# The first bytes of what people send by mistake or have no other form of.
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "an archive",
    b"%PDF": "a PDF document",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"RIFF": "a sound file",
    b"fLaC": "a sound file",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
}
_OTHER_TEXT = {
    "<": "an XML playlist",
    "[playlist]": "a PLS playlist",
    "{": "a JSON file",
    "[": "a JSON file",
}


def read_playlist(name: str, data: bytes) -> ImportedPlaylist:
    """The playlist in a file called `name`.

    Raises FileTooLarge, UnsupportedFormat or NoTracks (all PlaylistError) with a sentence for the person.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(
            f"This file is larger than {MAX_BYTES // 1_000_000} MB, which is more than I read."
        )
    _refuse(next((kind for first, kind in _BINARY.items() if data.startswith(first)), None))
    text = decode(data)
    start = text.lstrip()[:16].casefold()
    _refuse(next((kind for first, kind in _OTHER_TEXT.items() if start.startswith(first)), None))
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise FileTooLarge(f"This file has more than {MAX_LINES:,} lines, which is more than I read.")
    is_m3u = start.startswith("#ext") or PurePath(name).suffix.casefold() in (".m3u", ".m3u8")
    playlist = (read_m3u if is_m3u else read_table)(_list_name(name), text)
    if not playlist.tracks:
        raise NoTracks("I can read this file, but there is no track in it.")
    return playlist


def _refuse(kind: str | None) -> None:
    if kind:
        raise UnsupportedFormat(f"This looks like {kind}, which I can't read as a playlist yet. {_READABLE}.")


def _list_name(file_name: str) -> str:
    stem = re.sub(r"[\x00-\x1f]", "", re.split(r"[/\\]", file_name)[-1])
    return re.sub(r"\.\w{1,5}$", "", stem).replace("_", " ").strip()[:_MAX_NAME] or "Playlist"
