"""Playlists in delimited text with a header: Exportify, TuneMyMusic, Soundiiz, YouTube and people's own."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from music.sources.columns import Column, find_columns
from music.sources.errors import UnsupportedFormat
from music.sources.imported import ImportedPlaylist
from music.sources.tables import Table, is_header, read_rows
from music.sources.text import lines

_DELIMITERS = ",;\t|"
_HEADER_ROWS = 8  # Excel's "sep=;", a caption, or what YouTube says about the list may come first
# How the tables of exporters are told apart: by columns (simplified) that only they have together.
_EXPORTERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("tunemymusic", frozenset({"track name", "artist name", "playlist name", "type"})),
    ("soundiiz", frozenset({"title", "artist", "album", "isrc"})),
)


def read_table(name: str, text: str) -> ImportedPlaylist:
    """Tracks of a table, in its order. `name` is what to call the list when the table does not.

    Raises UnsupportedFormat when no header names a title, and FileTooLarge.
    """
    delimiter, at, header = _find_header(text)

    def rows() -> Iterator[tuple[int, list[str]]]:
        numbered = enumerate(_rows(text, delimiter), 1)
        return ((number, row) for number, row in numbered if number > at)

    try:
        return read_rows(name, _kind(header), Table(header, rows))
    except csv.Error:
        raise UnsupportedFormat(
            "This table breaks off in the middle of a field: is a quotation mark missing?"
        ) from None


def _find_header(text: str) -> tuple[str, int, list[str]]:
    """Delimiter, number and cells of the header: of all readings, the one that names the most columns.

    A column of videos outweighs all others: above it, YouTube writes a title that is the list's own.
    """
    readings = [reading for delimiter in _DELIMITERS for reading in _headers(text, delimiter)]
    if not readings:
        raise UnsupportedFormat(
            "I found no column with titles: the first line should name the columns, such as Title and Artist."
        )
    return max(readings, key=lambda reading: _telling(reading[2]))


def _telling(header: Sequence[str]) -> tuple[bool, int]:
    found = find_columns(header)
    return Column.VIDEO in found, len(found)


def _headers(text: str, delimiter: str) -> Iterator[tuple[str, int, list[str]]]:
    try:
        for at, row in zip(range(1, _HEADER_ROWS + 1), _rows(text, delimiter), strict=False):
            if is_header(row):
                yield delimiter, at, row
    except csv.Error:
        return


def _rows(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(lines(text), delimiter=delimiter, skipinitialspace=True)


def _kind(header: Sequence[str]) -> str:
    names = {name.strip().casefold() for name in header}
    if Column.VIDEO in find_columns(header):
        return "youtube-takeout"
    if any("uri" in name for name in names) or {"track id", "track name"} <= names:
        return "exportify"
    return next((exporter for exporter, own in _EXPORTERS if own <= names), "csv")
