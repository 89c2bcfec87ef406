"""Rows with named columns as tracks: what delimited text and lists of JSON objects have in common."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from music.sources import values
from music.sources.columns import Column, find_columns
from music.sources.imported import MAX_ROWS, ImportedPlaylist, at_most
from music.sources.video_titles import artist_and_song
from music.tracks import Features, Track

MAX_FIELD = 1000
_COLLECTIONS = ("artist", "album")  # what TuneMyMusic lists beside tracks, told apart by its Type column
_DAMAGED = frozenset(
    {"#NAME?", "#VALUE!", "#REF!", "#N/A"}
)  # what Excel makes of titles that look like formulas
_NO_FEATURES = Features()

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, numbered as a spreadsheet does; `rows` may be asked for twice."""

    header: Row
    rows: Callable[[], Iterable[tuple[int, Row]]]


@dataclass(frozen=True, slots=True)
class _Survey:
    """What only all rows together tell: scales, the playlists in the file, rows that are no tracks."""

    scales: dict[Column, float]
    lists: Sequence[str]
    collections: int


class _Columns:
    """The cells of a row by what they mean."""

    def __init__(self, header: Row) -> None:
        self.places = find_columns(header)

    def cell(self, row: Row, column: Column) -> str:
        """Its words with single blanks between; empty where the row is short or Excel broke it."""
        place = self.places.get(column)
        if place is None or place >= len(row):
            return ""
        text = " ".join(row[place].split())
        return "" if text in _DAMAGED else text


def is_header(row: Row) -> bool:
    """Whether a row names a column of titles or of videos."""
    found = find_columns(row)
    return Column.TITLE in found or Column.VIDEO in found


def read_rows(name: str, kind: str, table: Table) -> ImportedPlaylist:
    """Tracks of a table, in its order. `name` is what to call the list when the table does not."""
    columns = _Columns(table.header)
    survey = _survey(columns, table)
    width = len(table.header)
    results = (
        (number, _why_not(row, width) or _track(columns, row, survey.scales)) for number, row in table.rows()
    )
    playlist = ImportedPlaylist.of(name, kind, results, _problems(survey))
    return playlist.called(survey.lists[0]) if len(survey.lists) == 1 else playlist


def _survey(columns: _Columns, table: Table) -> _Survey:
    shares = [column for column in (Column.VALENCE, Column.ENERGY) if column in columns.places]
    percent: set[Column] = set()
    lists: dict[str, None] = {}
    collections = 0
    for _, row in at_most(MAX_ROWS, table.rows()):
        percent.update(column for column in shares if (values.number(columns.cell(row, column)) or 0) > 1)
        if called := columns.cell(row, Column.PLAYLIST):
            lists[called] = None
        collections += columns.cell(row, Column.KIND).casefold() in _COLLECTIONS
    return _Survey({column: 100.0 if column in percent else 1.0 for column in shares}, [*lists], collections)


def _track(columns: _Columns, row: Row, scales: dict[Column, float]) -> Track | str:
    title, artist = columns.cell(row, Column.TITLE), columns.cell(row, Column.ARTIST)
    kind = columns.cell(row, Column.KIND).casefold()
    if title and not artist and kind not in _COLLECTIONS:
        artist, title = artist_and_song(title)
    link = values.link(columns.cell(row, Column.LINK), kind if kind in _COLLECTIONS else "track")
    link = link or values.video_link(columns.cell(row, Column.VIDEO))
    if not title and not link:
        return "neither a title nor a link"
    return Track(
        title=title,
        artist=artist,
        album=columns.cell(row, Column.ALBUM) or None,
        duration_s=values.duration_s(columns.cell(row, Column.DURATION)),
        isrc=values.isrc(columns.cell(row, Column.ISRC)),
        link=link,
        features=_features(columns, row, scales),
        genres=tuple(
            genre for part in columns.cell(row, Column.GENRES).split(",") if (genre := part.strip())
        ),
    )


def _features(columns: _Columns, row: Row, scales: dict[Column, float]) -> Features:
    tempo = values.tempo(columns.cell(row, Column.TEMPO))
    shares = {column: _share(columns.cell(row, column), scale) for column, scale in scales.items()}
    valence, energy = shares.get(Column.VALENCE), shares.get(Column.ENERGY)
    if valence is None and energy is None and tempo is None:
        return _NO_FEATURES
    return Features(valence, energy, tempo)


def _share(cell: str, scale: float) -> float | None:
    """0..1. Zero is what Spotify writes where its analysis failed, and what Excel makes of an empty cell.

    Some tools write percentages, which only the whole column tells: their scale is 100.
    """
    value = values.number(cell)
    return value / scale if value is not None and 0 < value <= scale else None


def _why_not(row: Row, width: int) -> str:
    if not any(map(str.strip, row)):
        return "blank row"
    # A lone quotation mark takes the lines up to the next one into its cell: better said than read.
    if len(row) != width and any("\n" in cell or "\r" in cell for cell in row):
        return "a quotation mark that is not closed on its line"
    if max(map(len, row)) > MAX_FIELD:
        return f"a field of more than {MAX_FIELD:,} characters"
    return ""


def _problems(survey: _Survey) -> Iterator[str]:
    if len(survey.lists) > 1:
        yield f"The file holds {len(survey.lists)} playlists; I read them as one."
    if survey.collections:
        yield f"{survey.collections} rows are whole albums or artists rather than tracks."
