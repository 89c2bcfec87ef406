"""Translate tracks and their moods between the domain's values and rows of the database."""

import math
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.tracks import TRACK_JSON, Track, TrackMood
from storage.models import Base, EstimateRow, MoodRow, TrackRow

TrackWithMood: TypeAlias = tuple[Track, TrackMood | None]
"""A track to store, and its mood; a track without a mood gets no row in `moods`."""


@dataclass(frozen=True, slots=True)
class StoredTrack:
    """Hold a track of a stored playlist: its id, the track itself, and its mood, None where none was stored."""

    id: int
    track: Track
    mood: TrackMood | None


@dataclass(frozen=True, slots=True)
class TrackColumns:
    """Hold what a selection needs of many tracks, a column each, in a twentieth of the memory that rows take.

    `addresses` are links or file ids of tracks without a title, else empty. `moods` are four numbers a track, one track
    after the other: valence, arousal and their standard deviations; all are NaN where no mood is stored. `sources` say
    what each mood rests on.
    """

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    titles: list[str] = field(default_factory=list)
    artists: list[str] = field(default_factory=list)
    isrcs: list[str | None] = field(default_factory=list)
    addresses: list[str | None] = field(default_factory=list)
    moods: "array[float]" = field(default_factory=lambda: array("d"))
    sources: list[str] = field(default_factory=list)

    def append(self, row: Sequence[Any]) -> None:
        """Add a track by a row of `select_for_selection`."""
        track_id, title, artist, isrc, address, source, *mood = row
        self.ids.append(track_id)
        self.titles.append(title)
        self.artists.append(sys.intern(artist))  # many tracks, few artists
        self.isrcs.append(isrc)
        self.addresses.append(address)
        self.sources.append(sys.intern(source or ""))
        self.moods.extend(math.nan if value is None else value for value in mood)


# Fields of a track that have a column of the same name; the others share the column `extra`.
_OWN_COLUMNS = ("title", "artist", "album", "duration_s", "isrc", "link", "file_id", "file_unique_id")
_EXTRA = ("features", "genres", "provenance")
_MOOD_COLUMNS = ("valence", "arousal", "sd_valence", "sd_arousal", "source", "tempo")

# Tables and not models: SQLAlchemy reads rows in half the time without the ORM's work on each.
TRACKS, MOODS = (Base.metadata.tables[model.__tablename__] for model in (TrackRow, MoodRow))


def select_tracks() -> Select[*tuple[Any, ...]]:
    """Select what `stored_track` reads, of every track that there is."""
    columns = [TRACKS.c[name] for name in ("id", *_OWN_COLUMNS, "extra")]
    tracks = select(*columns, *(MOODS.c[name] for name in _MOOD_COLUMNS))
    return tracks.select_from(TRACKS.outerjoin(MOODS, MOODS.c.track_id == TRACKS.c.id))


def select_for_selection() -> Select[*tuple[Any, ...]]:
    """Select what `TrackColumns.append` reads, of every track that there is."""
    address = case((TRACKS.c.title == "", func.coalesce(TRACKS.c.link, TRACKS.c.file_unique_id)))
    words = (TRACKS.c.id, TRACKS.c.title, TRACKS.c.artist, TRACKS.c.isrc, address)
    tracks = select(*words, MOODS.c.source, *(MOODS.c[name] for name in _MOOD_COLUMNS[:4]))
    return tracks.select_from(TRACKS.outerjoin(MOODS, MOODS.c.track_id == TRACKS.c.id))


def estimated_mood_columns() -> list[InstrumentedAttribute[Any]]:
    """Return the columns of estimates that `mood_of` reads."""
    return [getattr(EstimateRow, name) for name in _MOOD_COLUMNS]


def track_values(track: Track) -> dict[str, Any]:
    """Return what a track's row holds, by column, without its playlist and position."""
    values: dict[str, Any] = TRACK_JSON.dump_python(track, mode="json")
    values["extra"] = {name: values.pop(name) for name in _EXTRA}
    return values


def mood_values(mood: TrackMood | None) -> dict[str, Any]:
    """Return the columns of a mood; all of them are None where there is none."""
    return dict.fromkeys(_MOOD_COLUMNS) if mood is None else mood.to_dict()


def track_of(row: Mapping[Any, Any]) -> Track:
    """Read a track from a row of `select_tracks`."""
    values = {name: row[name] for name in _OWN_COLUMNS}
    values["duration_s"] = int(row["duration_s"] or 0) or None
    return TRACK_JSON.validate_python(values | row["extra"])


def mood_of(row: Mapping[Any, Any]) -> TrackMood | None:
    """Read a mood from a row that has the columns of one; None where they are empty."""
    return None if row["source"] is None else TrackMood.from_dict(row)


def stored_track(row: Mapping[Any, Any]) -> StoredTrack:
    """Read a track with its id and mood from a row of `select_tracks`."""
    return StoredTrack(row["id"], track_of(row), mood_of(row))
