"""Read playlists in delimited text with a header: Exportify, TuneMyMusic, Soundiiz, YouTube, people's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from domain.tracks import Track
from music.errors import Code, Problem, UnsupportedFormat
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.formats.column_names import Column, find_columns
from music.sources.formats.csv_rows import Lines, rows
from music.sources.formats.table_rows import HeaderLayout, TableReader, is_header

_DELIMITERS = ",;\t|"
_HEADER_ROWS = 8  # Excel's "sep=;", a caption, or what YouTube says about the list may come first
# How the tables of exporters are told apart: by columns (simplified) that only they have together.
_EXPORTERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("tunemymusic", frozenset({"track name", "artist name", "playlist name", "type"})),
    ("soundiiz", frozenset({"title", "artist", "album", "isrc"})),
)


@dataclass(frozen=True, slots=True)
class _Header:
    """Hold a header as one way to read the file: the `cells` of row `at`, which ends with line `lines`.

    `wrapped` is what Excel does when it takes a table for one column: each row is a quoted cell with quoted cells.
    """

    delimiter: str
    wrapped: bool
    at: int
    lines: int
    cells: Sequence[str]

    @property
    def evidence(self) -> tuple[bool, bool, int, int]:
        """Return how much speaks for this way to read the file, to be compared with others.

        A column of videos counts most, since above it YouTube writes of the list. After that counts the first row with
        several cells: a later one is a track that is called like a column.
        """
        found = find_columns(self.cells)
        return Column.VIDEO in found, len(self.cells) > 1, -self.at, len(found)


def read_table(name: str, text: str) -> ImportedPlaylist:
    """Read the tracks of a table, in its order; `name` is for the list where the table has none.

    Raises UnsupportedFormat when no header names a title, and FileTooLarge.
    """
    header = _find_header(text)
    if header is None:
        raise UnsupportedFormat(Problem(Code.NO_TITLE_COLUMN))
    reader = TableReader()
    return reader.finish(ImportedPlaylist.of(name, _kind(header.cells), _tracks(text, header, reader)))


def is_table(text: str) -> bool:
    """Tell whether a row at the beginning names several columns."""
    header = _find_header(text)
    return header is not None and len(find_columns(header.cells)) > 1


def _tracks(text: str, header: _Header, reader: TableReader) -> Iterator[tuple[int, Track | Problem]]:
    source, layout = Lines(text, header.lines), HeaderLayout(header.cells)
    for number, row in enumerate(rows(source, header.delimiter, len(header.cells)), header.at + 1):
        cells = _unwrapped(row, header.delimiter) if header.wrapped else row
        if isinstance(cells, Problem):
            yield number, cells
        elif any(map(str.strip, cells)):
            yield number, reader.read(layout.values(cells))
        else:
            yield number, Problem(Code.BLANK_ROW)


def _find_header(text: str) -> _Header | None:
    readings = [reading for delimiter in _DELIMITERS for reading in _headers(text, delimiter)]
    return max(readings, key=lambda reading: reading.evidence, default=None)


def _headers(text: str, delimiter: str) -> Iterator[_Header]:
    source = Lines(text)
    for at, row in enumerate(islice(rows(source, delimiter), _HEADER_ROWS), 1):
        for cells in (row, _unwrapped(row, delimiter)):
            if not isinstance(cells, Problem) and is_header(cells):
                yield _Header(delimiter, cells is not row, at, source.count, cells)


def _unwrapped(row: list[str] | Problem, delimiter: str) -> list[str] | Problem:
    if isinstance(row, Problem) or len(row) != 1 or delimiter not in row[0]:
        return row
    return next(rows(Lines(row[0]), delimiter), row)


def _kind(header: Sequence[str]) -> str:
    names = {name.strip().casefold() for name in header}
    if Column.VIDEO in find_columns(header):
        return "youtube-takeout"
    if any("uri" in name for name in names) or {"track id", "track name"} <= names:
        return "exportify"
    return next((exporter for exporter, own in _EXPORTERS if own <= names), "csv")
