"""What every source returns."""

from dataclasses import dataclass

from music.tracks import Track


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that became no track. `row` counts from 1 as a spreadsheet or editor does, header included."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedPlaylist:
    """Tracks in the order of the source, duplicates kept; `problems` are sentences about the whole of it."""

    name: str
    tracks: tuple[Track, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[str, ...] = ()
