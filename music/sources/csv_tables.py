"""Playlists in delimited text with a header: Exportify, TuneMyMusic, Soundiiz and tables that people make."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from music.sources import values
from music.sources.columns import Column, find_columns
from music.sources.errors import UnsupportedFormat
from music.sources.imported import ImportedPlaylist, Skipped
from music.sources.text import artist_and_title
from music.tracks import Features, Track

MAX_FIELD = 1000
_DELIMITERS = ",;\t|"
_HEADER_ROWS = 5  # Excel's "sep=;" or a caption may come first
_COLLECTIONS = ("artist", "album")  # what TuneMyMusic lists beside tracks, told apart by its Type column


@dataclass(frozen=True, slots=True)
class _Table:
    columns: dict[Column, int]
    width: int  # of the header
    rows: Sequence[tuple[int, list[str]]]  # numbered as a spreadsheet does

    def cell(self, row: Sequence[str], column: Column) -> str:
        place = self.columns.get(column, len(row))
        return " ".join(row[place].split()) if place < len(row) else ""

    def each(self, column: Column) -> Iterator[str]:
        return (self.cell(row, column) for _, row in self.rows)


def read_table(name: str, text: str) -> ImportedPlaylist:
    """Tracks of a table, in its order. `name` is what to call the list when the table does not.

    Raises UnsupportedFormat when no header names a title.
    """
    table = _find_table(text)
    scales = {column: _scale(table.each(column)) for column in (Column.VALENCE, Column.ENERGY)}
    tracks: list[Track] = []
    skipped: list[Skipped] = []
    for number, row in table.rows:
        track = _track(table, row, scales)
        reason = _why_not(row, track, table.width)
        if reason:
            skipped.append(Skipped(number, reason))
        else:
            tracks.append(track)
    lists = dict.fromkeys(filter(None, table.each(Column.PLAYLIST)))
    return ImportedPlaylist(
        next(iter(lists)) if len(lists) == 1 else name,
        tuple(tracks),
        tuple(skipped),
        tuple(_problems(table, len(lists))),
    )


def _find_table(text: str) -> _Table:
    """The reading of the text whose header names the most columns."""
    readings = [reading for delimiter in _DELIMITERS if (reading := _header(text, delimiter))]
    if not readings:
        raise UnsupportedFormat(
            "I found no column with titles: the first line should name the columns, such as Title and Artist."
        )
    delimiter, at, header = max(readings, key=lambda reading: len(find_columns(reading[2])))
    try:
        rows = list(enumerate(_rows(text, delimiter), 1))[at:]
    except csv.Error:
        raise UnsupportedFormat(
            "This table breaks off in the middle of a field: is a quotation mark missing?"
        ) from None
    return _Table(find_columns(header), len(header), rows)


def _header(text: str, delimiter: str) -> tuple[str, int, list[str]] | None:
    """Delimiter, number of the header row, and that row; None where no row near the top names a title."""
    try:
        for at, row in zip(range(1, _HEADER_ROWS + 1), _rows(text, delimiter), strict=False):
            if Column.TITLE in find_columns(row):
                return delimiter, at, row
    except csv.Error:
        return None
    return None


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _track(table: _Table, row: Sequence[str], scales: dict[Column, float]) -> Track:
    title, artist = table.cell(row, Column.TITLE), table.cell(row, Column.ARTIST)
    kind = table.cell(row, Column.KIND).casefold()
    if not artist and kind not in _COLLECTIONS:
        artist, title = artist_and_title(title)
    return Track(
        title=title,
        artist=artist,
        album=table.cell(row, Column.ALBUM) or None,
        duration_s=values.duration_s(table.cell(row, Column.DURATION)),
        isrc=values.isrc(table.cell(row, Column.ISRC)),
        link=values.link(table.cell(row, Column.LINK), kind if kind in _COLLECTIONS else "track"),
        features=_features(table, row, scales),
        genres=tuple(genre for part in table.cell(row, Column.GENRES).split(",") if (genre := part.strip())),
    )


def _features(table: _Table, row: Sequence[str], scales: dict[Column, float]) -> Features:
    tempo = values.number(table.cell(row, Column.TEMPO))
    return Features(
        valence=_share(table.cell(row, Column.VALENCE), scales[Column.VALENCE]),
        energy=_share(table.cell(row, Column.ENERGY), scales[Column.ENERGY]),
        tempo=tempo if tempo and 20 <= tempo <= 400 else None,
    )


def _share(cell: str, scale: float) -> float | None:
    """0..1. Zero is what Spotify writes where its analysis failed, and what Excel makes of an empty cell."""
    value = values.number(cell)
    return value / scale if value is not None and 0 < value <= scale else None


def _scale(cells: Iterable[str]) -> float:
    """1 or 100: some tools write percentages, which only the whole column tells."""
    return 100.0 if any((values.number(cell) or 0) > 1 for cell in cells) else 1.0


def _why_not(row: Sequence[str], track: Track, width: int) -> str:
    if not any(cell.strip() for cell in row):
        return "blank row"
    # A lone quotation mark takes the lines up to the next one into its cell: better said than read.
    if len(row) != width and any("\n" in cell or "\r" in cell for cell in row):
        return "a quotation mark that is not closed on its line"
    if max(map(len, row)) > MAX_FIELD:
        return f"a field of more than {MAX_FIELD:,} characters"
    return "" if track.title or track.link else "neither a title nor a link"


def _problems(table: _Table, lists: int) -> Iterator[str]:
    if lists > 1:
        yield f"The file holds {lists} playlists; I read them as one."
    collections = sum(kind.casefold() in _COLLECTIONS for kind in table.each(Column.KIND))
    if collections:
        yield f"{collections} rows are whole albums or artists rather than tracks."
