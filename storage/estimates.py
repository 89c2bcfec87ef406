"""What each provider said of each track: the list of what is still to be asked, and the cache of what was.

An estimate holds for a year, and that a provider knew nothing for a month; then it is asked again. What was said of
one track is said of every other that the provider knows by the same key, whoever's it is.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import EstimateRow, MoodRow, PlaylistRow, TrackRow
from storage.playlists import MoodValues, Playlist, StoredTrack, get, stored_track
from storage.rows import columns
from storage.types import utcnow

SENT = "sent"
KNOWN_FOR, UNKNOWN_FOR = timedelta(days=365), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A track that a provider was not asked about yet, or too long ago, with its list and where that is from."""

    track: StoredTrack
    playlist_id: int
    person_id: int
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider said: by which key it knows the track (None: by none), and the mood where it knows one.

    `at` is when it said so, None for now: what is passed on from track to track gets no younger by that.
    """

    key: str | None
    mood: MoodValues | None
    at: datetime | None = field(default=None, compare=False)


async def waiting(
    s: AsyncSession,
    provider: str,
    limit: int,
    *,
    below: int | None = None,
    sounding: str | None = None,
) -> list[Waiting]:
    """Tracks to ask a provider about, the newest first: a short list does not wait for a long one before it.

    With `below`, only those with smaller ids; with `sounding`, only those that can be heard: SENT as files, or in lists
    from a source and not sent.
    """
    said = select(EstimateRow.track_id).where(
        EstimateRow.track_id == TrackRow.id, EstimateRow.provider == provider, _fresh()
    )
    rows = _tracks().where(~said.exists()).order_by(TrackRow.id.desc()).limit(limit)
    if below is not None:
        rows = rows.where(TrackRow.id < below)
    if sounding is not None:
        sent = TrackRow.file_id.is_not(None)
        rows = rows.where(sent if sounding == SENT else ~sent & (PlaylistRow.source == sounding))
    return [_waiting(row) for row in await s.execute(rows)]


async def cached(s: AsyncSession, provider: str, keys: Collection[str]) -> dict[str, Said]:
    """What a provider said lately of tracks that it knows by these keys."""
    rows = select(EstimateRow.key, EstimateRow.at, *columns(EstimateRow, MoodValues)).order_by(EstimateRow.at)
    said = rows.where(EstimateRow.provider == provider, EstimateRow.key.in_(keys), _fresh())
    return {row["key"]: Said(row["key"], _mood(row), row["at"]) for row in (await s.execute(said)).mappings()}


async def keep(s: AsyncSession, provider: str, said: Mapping[int, Said]) -> None:
    """Note what a provider said of tracks, by their ids. Tracks that are gone meanwhile are no error."""
    there = set(await s.scalars(select(TrackRow.id).where(TrackRow.id.in_(said))))
    old = delete(EstimateRow).where(EstimateRow.provider == provider, EstimateRow.track_id.in_(there))
    await s.execute(old)
    now = utcnow()
    nothing = dict.fromkeys(each.name for each in fields(MoodValues))
    rows = [
        {
            "track_id": i,
            "provider": provider,
            "key": said[i].key,
            "at": said[i].at or now,
            **(nothing if (mood := said[i].mood) is None else asdict(mood)),
        }
        for i in there
    ]
    if rows:
        await s.execute(insert(EstimateRow), rows)


async def known(s: AsyncSession, track_ids: Collection[int]) -> list[tuple[StoredTrack, list[MoodValues]]]:
    """These tracks, each with all moods that were said of it."""
    moods: dict[int, list[MoodValues]] = defaultdict(list)
    rows = select(EstimateRow.track_id, *columns(EstimateRow, MoodValues)).order_by(EstimateRow.provider)
    for row in (await s.execute(rows.where(EstimateRow.track_id.in_(track_ids)))).mappings():
        if (mood := _mood(row)) is not None:
            moods[row["track_id"]].append(mood)
    tracks = [_waiting(row).track for row in await s.execute(_tracks().where(TrackRow.id.in_(track_ids)))]
    return [(track, moods[track.id]) for track in tracks]


async def believe(s: AsyncSession, moods: Mapping[int, MoodValues]) -> None:
    """What is believed of tracks from now on, by their ids, which must be there."""
    await s.execute(delete(MoodRow).where(MoodRow.track_id.in_(moods)))
    if moods:
        await s.execute(
            insert(MoodRow), [{"track_id": track_id, **asdict(mood)} for track_id, mood in moods.items()]
        )


async def counts(s: AsyncSession, playlist_id: int) -> dict[str, int]:
    """How many tracks of a list each provider was asked about."""
    rows = select(EstimateRow.provider, func.count().label("asked")).join(
        TrackRow, TrackRow.id == EstimateRow.track_id
    )
    mine = rows.where(TrackRow.playlist_id == playlist_id, _fresh()).group_by(EstimateRow.provider)
    return {row.provider: row.asked for row in await s.execute(mine)}


async def finished(s: AsyncSession, provider: str, track_id: int) -> Playlist | None:
    """The list with a reference whose last track a provider was just asked about; None where others wait in it."""
    of_track = select(TrackRow.playlist_id).where(TrackRow.id == track_id).scalar_subquery()
    said = select(EstimateRow.track_id).where(
        EstimateRow.track_id == TrackRow.id, EstimateRow.provider == provider
    )
    others = select(TrackRow.id).where(TrackRow.playlist_id == of_track, ~said.exists())
    row = select(PlaylistRow.person_id, PlaylistRow.id).where(
        PlaylistRow.id == of_track, PlaylistRow.source_ref.is_not(None), ~others.exists()
    )
    found = (await s.execute(row)).first()
    return None if found is None else await get(s, *found)


def _tracks() -> Select[*tuple[Any, ...]]:
    rows = select(
        *columns(TrackRow, StoredTrack),
        *columns(MoodRow, MoodValues),
        PlaylistRow.id.label("list_id"),
        PlaylistRow.person_id.label("list_person"),
        PlaylistRow.source.label("list_source"),
    )
    joined = rows.join(PlaylistRow, PlaylistRow.id == TrackRow.playlist_id)
    return joined.outerjoin(MoodRow, MoodRow.track_id == TrackRow.id)


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting:
    values = dict(row._mapping)
    playlist_id, person_id, source = (values.pop(f"list_{name}") for name in ("id", "person", "source"))
    return Waiting(stored_track(values), playlist_id, person_id, source)


def _mood(row: Mapping[Any, Any]) -> MoodValues | None:
    values = {each.name: row[each.name] for each in fields(MoodValues)}
    return None if values["source"] is None else MoodValues(**values)


def _fresh() -> ColumnElement[bool]:
    now = utcnow()
    lately, known_lately = EstimateRow.at > now - UNKNOWN_FOR, EstimateRow.at > now - KNOWN_FOR
    return or_(lately, known_lately & EstimateRow.source.is_not(None))
