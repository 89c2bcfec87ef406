"""Hold what every source returns, and limit how much of it is taken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from domain.tracks import Track, well_formed
from music.errors import Code, FileTooLarge, NoTracks, Problem

MAX_ROWS = 100_000
MAX_FIELD = 1000  # characters of what a track is called
MAX_LINK = 4000
_MAX_NAME = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Name a row that became no track, and why.

    `row` counts from 1: lines of text and of tables as an editor or spreadsheet does, header included, and entries
    where a format has no lines.
    """

    row: int
    reason: Problem


@dataclass(frozen=True, slots=True)
class ImportedPlaylist:
    """Hold the tracks of a playlist in the order of their source, duplicates kept.

    `format` is a word for the kind of file or service that it was read from; `problems` are about the whole of it.
    """

    name: str
    format: str
    tracks: tuple[Track, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        """Make the name fit to be printed and stored: it repeats what sources say, see Track."""
        name = well_formed(self.name).strip()[:_MAX_NAME].strip()
        object.__setattr__(self, "name", name or "Playlist")

    @classmethod
    def of(
        cls,
        name: str,
        kind: str,
        rows: Iterable[tuple[int, Track | Problem]],
        problems: Iterable[Problem] = (),
    ) -> "ImportedPlaylist":
        """Make a playlist of numbered rows, each a track or why it is none. Raises FileTooLarge."""
        tracks: list[Track] = []
        skipped: list[Skipped] = []
        for row, result in at_most(MAX_ROWS, rows):
            if reason := _defect(result) if isinstance(result, Track) else result:
                skipped.append(Skipped(row, reason))
            elif isinstance(result, Track):
                tracks.append(result)
        return cls(name, kind, tuple(tracks), tuple(skipped), tuple(problems))

    def renamed(self, name: str) -> "ImportedPlaylist":
        """Return the same playlist under another name; an empty one changes nothing."""
        return replace(self, name=name) if name else self

    def nonempty(self) -> "ImportedPlaylist":
        """Return the playlist itself; raises NoTracks when there is nothing in it to choose from."""
        if not self.tracks:
            raise NoTracks(Problem(Code.NO_TRACKS, causes=self.problems))
        return self


def _defect(track: Track) -> Problem | None:
    """Return why a track is none after all; None for all others."""
    if not track.title and not track.link:
        return Problem(Code.NO_TITLE_AND_NO_LINK)
    lengths = (len(track.title), len(track.artist), len(track.album or ""), sum(map(len, track.genres)))
    if max(lengths) > MAX_FIELD:
        return Problem(Code.LONG_FIELD, limit=MAX_FIELD)
    return Problem(Code.LONG_LINK, limit=MAX_LINK) if len(track.link or "") > MAX_LINK else None


def at_most(limit: int, rows: Iterable[T]) -> Iterator[T]:
    """Yield the rows; raises FileTooLarge at the first one over the limit."""
    for count, row in enumerate(rows):
        if count == limit:
            raise FileTooLarge(Problem(Code.TOO_MANY_ROWS, limit=limit))
        yield row
