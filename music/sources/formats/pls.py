"""Read PLS lists, and ASX lists in the same form: numbered keys for each entry, in any order."""

import re
from collections.abc import Iterator

from domain.tracks import Track
from music.errors import Code, Problem
from music.sources.entries.imported_playlist import MAX_ROWS, ImportedPlaylist, at_most
from music.sources.formats.decoding import lines
from music.sources.formats.m3u import MAX_ENTRY, player_track

# [playlist] has File1=, Title1=, Length1=; [Reference] has Ref1= alone.
_KEY = re.compile(r"(file|ref|title|length)(\d{1,9})\s*=\s*(.*)", re.IGNORECASE)


def read_pls(name: str, text: str) -> ImportedPlaylist:
    """Read the entries of a PLS list in the order of their first lines, radio streams among them."""
    return ImportedPlaylist.of(name, "pls", _rows(text))


def _rows(text: str) -> Iterator[tuple[int, Track | Problem]]:
    """Yield entries by the number of their first line; which keys are theirs is known only at the end."""
    entries: dict[str, dict[str, str]] = {}
    rows: dict[int, dict[str, str] | Problem] = {}
    for row, found in at_most(4 * MAX_ROWS, _keys(text)):
        kind, number, value = found[1].casefold().replace("ref", "file"), found[2], found[3]
        if number not in entries:
            rows[row] = entries[number] = {}
        if kind == "file" and kind in entries[number]:
            rows[row] = Problem(Code.NUMBER_TAKEN)
        else:
            entries[number][kind] = value
    for row, entry in rows.items():
        yield row, entry if isinstance(entry, Problem) else _track(entry)


def _keys(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for row, line in enumerate(lines(text), 1):
        if found := _KEY.fullmatch(line.strip()):
            yield row, found


def _track(entry: dict[str, str]) -> Track | Problem:
    if not entry.get("file"):
        return Problem(Code.TITLE_ALONE)
    if len(max(entry.values(), key=len)) > MAX_ENTRY:
        return Problem(Code.LONG_LINE, limit=MAX_ENTRY)
    return player_track(entry["file"], entry.get("title", ""), entry.get("length", ""))
