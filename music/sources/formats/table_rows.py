"""Make tracks of rows with named columns, which delimited text and lists of JSON objects have in common."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.tracks import Features, Track
from music.errors import Code, Problem
from music.sources.entries import cell_parsers
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.entries.video_titles import artist_and_song
from music.sources.formats.column_names import Column, find_columns

_COLLECTIONS = ("artist", "album")  # what TuneMyMusic lists beside tracks, told apart by its Type column
_EPISODES = ("episode", "podcast", "show", "audiobook")
_WHOLE = ("artist", "album", "playlist", "user")
# What Excel, in its languages, makes of titles that look like formulas.
_DAMAGED = frozenset(
    """
    #NAME? #VALUE! #REF! #N/A #NUM! #NULL! #DIV/0! #SPILL! #CALC! #FIELD! #BLOCKED! #GETTING_DATA #ERROR!
    #WERT! #BEZUG! #ZAHL! #NV #ÜBERLAUF! #VALEUR! #NOM? #NOMBRE! #NUL! #¡VALOR! #¿NOMBRE? #¡REF! #¡NUM! #N/D #¡NULO!
    #¡DIV/0! #VALOR! #NOME? #NÚM! #NULO! #VALORE! #RIF! #NULLO! #WAARDE! #VERW! #NAAM? #GETAL! #N/B #LEEG! #DEEL/0!
    #ARG! #ADR! #NAZWA? #LICZBA! #ZERO! #DZIEL/0! #ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #Н/Д #ПУСТО! #ДЕЛ/0! #ПОСИЛАННЯ!
    #DEĞER! #BAŞV! #AD? #SAYI! #YOK #BOŞ! #SAYI/0! #VÄRDEFEL! #REFERENS! #NAMN? #OGILTIGT! #SAKNAS! #SKÄRNING!
    """.split()  # noqa: SIM905  (a text is easier to read and to add to)
)
_NO_FEATURES = Features()


@dataclass(slots=True)
class RowValues:
    """Hold what a row says in each column that Attune knows; empty where it says nothing."""

    title: str = ""
    artist: str = ""
    album: str = ""
    duration: str = ""
    milliseconds: str = ""
    seconds: str = ""
    isrc: str = ""
    link: str = ""
    genres: str = ""
    valence: str = ""
    energy: str = ""
    tempo: str = ""
    playlist: str = ""
    kind: str = ""
    video: str = ""


def _place(found: tuple[Column, int]) -> int:
    return found[1]


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a row names a column of titles or of videos."""
    found = find_columns(row)
    return Column.TITLE in found or Column.VIDEO in found


class HeaderLayout:
    """Know from a header which cell of a row belongs to which column."""

    def __init__(self, header: Sequence[str]) -> None:
        found = find_columns(header)
        self._places = [(column, places[0]) for column, places in found.items()]
        further = ((column, place) for column, places in found.items() for place in places[1:])
        self._further = sorted(further, key=_place)

    def values(self, row: Sequence[str]) -> RowValues:
        """Return the cells of a row by their columns, with single blanks between words.

        Left out are cells that the row is too short for, and what Excel makes of titles that look like formulas.
        """
        width = len(row)
        values = {
            column: text
            for column, place in self._places
            if place < width and (text := " ".join(row[place].split())) not in _DAMAGED
        }
        if self._further and self._further[0][1] < width:
            self._add_further(values, row)
        return RowValues(**values)

    def _add_further(self, values: dict[Column, str], row: Sequence[str]) -> None:
        """Join to the values what stands in further cells of their columns, such as second artists."""
        said = {column: [text] if text else [] for column, text in values.items()}
        for column, place in self._further[: bisect_left(self._further, len(row), key=_place)]:
            if text := " ".join(row[place].split()):
                said.setdefault(column, []).append(text)
        values |= {column: ", ".join(texts) for column, texts in said.items()}


class TableReader:
    """Read the rows of one table, and remember what only all of them together tell; `finish` comes last."""

    def __init__(self) -> None:
        self._lists: dict[str, None] = {}
        self._collections = 0

    def read(self, row: RowValues) -> Track | Problem:
        """Return the track of a row, or why it holds none; features stay as the cells say until `finish`."""
        if row.playlist:
            self._lists[row.playlist] = None
        kind = row.kind.casefold()
        if reason := _no_track(row, kind):
            return reason
        self._collections += kind in _COLLECTIONS
        if row.title and not row.artist and kind not in _COLLECTIONS:
            row.artist, row.title = artist_and_song(row.title)
        link = cell_parsers.link(row.link, kind if kind in _COLLECTIONS else "track")
        return self._track(row, link or cell_parsers.video_link(row.video))

    def _track(self, row: RowValues, link: str | None) -> Track:
        return Track(
            title=row.title,
            artist=row.artist,
            album=row.album or None,
            duration_s=_duration_s(row),
            isrc=cell_parsers.isrc(row.isrc),
            link=link,
            features=_features(row),
            genres=tuple(genre for part in row.genres.split(",") if (genre := part.strip())),
        )

    def finish(self, playlist: ImportedPlaylist) -> ImportedPlaylist:
        """Return the playlist that was read, with its name, its problems, and features scaled to 0..1."""
        scales = {column: _scale(column, playlist.tracks) for column in ("valence", "energy")}
        tracks = (
            tuple(_scaled(track, scales) for track in playlist.tracks)
            if any(scales.values())
            else playlist.tracks
        )
        problems = (*playlist.problems, *self._problems())
        finished = replace(playlist, tracks=tracks, problems=problems)
        return finished.renamed(next(iter(self._lists))) if len(self._lists) == 1 else finished

    def _problems(self) -> Iterator[Problem]:
        if len(self._lists) > 1:
            yield Problem(Code.SEVERAL_PLAYLISTS, count=len(self._lists))
        if self._collections:
            yield Problem(Code.COLLECTIONS_AMONG_ROWS, count=self._collections)


def _duration_s(row: RowValues) -> int | None:
    """Return the duration in the unit that the header names; without one it is told by its size."""
    return (
        cell_parsers.milliseconds(row.milliseconds)
        or cell_parsers.duration_s(row.seconds, 1)
        or cell_parsers.duration_s(row.duration)
    )


def _no_track(row: RowValues, kind: str) -> Problem | None:
    """Return why a row of this kind is no track; None where it is one."""
    of = cell_parsers.spotify_kind(row.link)
    if kind in _EPISODES or of in _EPISODES:
        return Problem(Code.EPISODE)
    named = kind in _COLLECTIONS or (row.title and row.artist)
    return Problem(Code.COLLECTION) if of in _WHOLE and not named else None


def _features(row: RowValues) -> Features:
    """Read valence, energy and tempo, taking zero for nothing.

    Zero is what Spotify writes where its analysis failed, and what Excel makes of an empty cell.
    """
    valence, energy = cell_parsers.number(row.valence) or 0.0, cell_parsers.number(row.energy) or 0.0
    tempo = cell_parsers.tempo(row.tempo)
    if valence <= 0 and energy <= 0 and tempo is None:
        return _NO_FEATURES
    return Features(valence if valence > 0 else None, energy if energy > 0 else None, tempo)


def _scale(column: str, tracks: Iterable[Track]) -> float:
    """Return by what to divide a column to bring it within 0..1; 0 where it is already, as nearly always.

    Some tools write percentages, which only the whole column tells: one cell may be damaged.
    """
    numbers = [value for track in tracks if (value := getattr(track.features, column)) is not None]
    above = sum(value > 1 for value in numbers)
    return 0.0 if not above else 100.0 if 2 * above >= len(numbers) else 1.0


def _scaled(track: Track, scales: Mapping[str, float]) -> Track:
    """Divide a track's features by their scales; what lies beyond a scale becomes None."""
    changed = {
        column: value / scale if value <= scale else None
        for column, scale in scales.items()
        if scale and (value := getattr(track.features, column)) is not None
    }
    return replace(track, features=replace(track.features, **changed)) if changed else track
