"""Read any file that a person sends as a playlist, recognised by what it holds: its name is only a hint."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from domain.tracks import well_formed
from music.errors import Code, FileKind, FileTooLarge, Problem, UnsupportedFormat
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.formats.csv_tables import is_table, read_table
from music.sources.formats.decoding import decode
from music.sources.formats.json_lists import read_json
from music.sources.formats.m3u import read_m3u
from music.sources.formats.pls import read_pls
from music.sources.formats.xml_lists import is_xml, read_xml

MAX_BYTES = 50_000_000  # 100,000 rows of the widest export have half of it
# The first bytes of what people send by mistake or have no other form of.
_BINARY = {
    b"PK\x03\x04": FileKind.EXCEL,
    b"\xd0\xcf\x11\xe0": FileKind.OLD_EXCEL,
    b"\x1f\x8b": FileKind.ARCHIVE,
    b"%PDF": FileKind.PDF,
    b"bplist": FileKind.BINARY_PROPERTY_LIST,
    b"ID3": FileKind.SOUND,
    b"OggS": FileKind.SOUND,
    b"RIFF": FileKind.SOUND,
    b"fLaC": FileKind.SOUND,
    b"\xff\xd8\xff": FileKind.PICTURE,
    b"\x89PNG": FileKind.PICTURE,
}
# How lists of players begin, comments before it or not.
_BEGINNING = 1000  # characters
_PLS = re.compile(r"^[^\S\n]*+\[(?:playlist|reference)\]", re.IGNORECASE | re.MULTILINE)
_M3U = re.compile(r"^[^\S\n]*+#ext(?:m3u|inf)", re.IGNORECASE | re.MULTILINE)


def read_playlist(name: str, data: bytes) -> ImportedPlaylist:
    """Read the playlist in a file called `name` with the bytes `data`; it may hold no tracks.

    Raises FileTooLarge or UnsupportedFormat, both of them PlaylistError.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(Problem(Code.FILE_TOO_LARGE, limit=MAX_BYTES))
    if kind := next((kind for first, kind in _BINARY.items() if data.startswith(first)), None):
        raise UnsupportedFormat(Problem(Code.BINARY_FILE, kind=kind))
    with _garbage_collection_paused():
        return _read(name, data)


def _read(name: str, data: bytes) -> ImportedPlaylist:
    called = _list_name(name)
    if is_xml(data):
        return read_xml(called, data)
    text = decode(data).removeprefix("\ufeff")
    beginning = text[:_BEGINNING]
    if _PLS.search(beginning):
        return read_pls(called, text)
    if beginning.lstrip().startswith(("{", "[")):
        return read_json(called, text)
    return (read_m3u if _is_m3u(name, text) else read_table)(called, text)


def _is_m3u(name: str, text: str) -> bool:
    """Tell an M3U list by its first line, else by its name, unless it is a table all the same."""
    named = PurePath(name).suffix.casefold() in (".m3u", ".m3u8")
    return bool(_M3U.search(text[:_BEGINNING])) or (named and not is_table(text))


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Switch Python's garbage collector off inside: tracks hold no cycles, and looking for them is slow."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _list_name(file_name: str) -> str:
    stem = re.split(r"[/\\]", well_formed(file_name))[-1]
    return re.sub(r"\.\w{1,5}$", "", stem).replace("_", " ")
