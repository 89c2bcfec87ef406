"""Keep what each provider of moods estimated for each track, and find the tracks that it has yet to be asked about.

An estimate is valid for a year (KNOWN_FOR). That a provider knows nothing of a track is believed for a month
(UNKNOWN_FOR); then the provider is asked again. An estimate for one track holds for every other track that the
provider knows by the same key, whoever's playlist it is in.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tracks import TrackMood
from storage.models import EstimateRow, MoodRow, PlaylistRow, TrackRow
from storage.playlists import Playlist, get
from storage.rows import insert_many
from storage.tracks import (
    StoredTrack,
    estimated_mood_columns,
    mood_of,
    mood_values,
    select_tracks,
    stored_track,
)
from storage.types import utcnow

SENT = "sent"
KNOWN_FOR, UNKNOWN_FOR = timedelta(days=365), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PendingEstimate:
    """Hold a track that a provider has yet to be asked about, with its playlist and the source of that playlist."""

    stored: StoredTrack
    playlist_id: int
    person_id: int
    source: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold a provider's answer about a track.

    `key` is the provider's own identifier of the track, None where it has none; `mood` is None where the provider
    knows nothing. `at` is when the provider answered, None for now: an estimate that is copied from one track to
    another keeps its age.
    """

    key: str | None
    mood: TrackMood | None
    at: datetime | None = field(default=None, compare=False)


async def pending(
    s: AsyncSession,
    provider: str,
    limit: int,
    *,
    below: int | None = None,
    audio_source: str | None = None,
) -> list[PendingEstimate]:
    """Return at most `limit` tracks to ask a provider about, the newest first.

    So a short playlist that was just added does not wait for a long one before it. With `below`, only tracks with
    smaller ids are returned. With `audio_source`, only tracks whose sound can be fetched from there: SENT stands for
    files that were sent to the bot, any other value for the previews of tracks in playlists of that source.
    """
    said = select(EstimateRow.track_id).where(
        EstimateRow.track_id == TrackRow.id, EstimateRow.provider == provider, _fresh()
    )
    rows = _tracks().where(~said.exists()).order_by(TrackRow.id.desc()).limit(limit)
    if below is not None:
        rows = rows.where(TrackRow.id < below)
    if audio_source is not None:
        sent = TrackRow.file_id.is_not(None)
        rows = rows.where(sent if audio_source == SENT else ~sent & (PlaylistRow.source == audio_source))
    return [_pending(row) for row in (await s.execute(rows)).mappings()]


async def recent_by_key(s: AsyncSession, provider: str, keys: Collection[str]) -> dict[str, Estimate]:
    """Return the valid estimates of a provider for tracks that it knows by these keys, by key."""
    rows = select(EstimateRow.key, EstimateRow.at, *estimated_mood_columns()).order_by(EstimateRow.at)
    said = rows.where(EstimateRow.provider == provider, EstimateRow.key.in_(keys), _fresh())
    return {
        row["key"]: Estimate(row["key"], mood_of(row), row["at"])
        for row in (await s.execute(said)).mappings()
    }


async def save(s: AsyncSession, provider: str, new: Mapping[int, Estimate]) -> None:
    """Replace a provider's estimates for these tracks, by track id; tracks that no longer exist are skipped."""
    there = set(await s.scalars(select(TrackRow.id).where(TrackRow.id.in_(new))))
    old = delete(EstimateRow).where(EstimateRow.provider == provider, EstimateRow.track_id.in_(there))
    await s.execute(old)
    now = utcnow()
    rows = [
        {
            "track_id": i,
            "provider": provider,
            "key": new[i].key,
            "at": new[i].at or now,
            **mood_values(new[i].mood),
        }
        for i in there
    ]
    await insert_many(s, EstimateRow, rows)


async def estimated_moods(
    s: AsyncSession, track_ids: Collection[int]
) -> list[tuple[StoredTrack, list[TrackMood]]]:
    """Return these tracks, each with the moods that all providers estimated for it; missing tracks are left out."""
    moods: dict[int, list[TrackMood]] = defaultdict(list)
    rows = select(EstimateRow.track_id, *estimated_mood_columns()).order_by(EstimateRow.provider)
    for row in (await s.execute(rows.where(EstimateRow.track_id.in_(track_ids)))).mappings():
        if (mood := mood_of(row)) is not None:
            moods[row["track_id"]].append(mood)
    found = await s.execute(_tracks().where(TrackRow.id.in_(track_ids)))
    tracks = [stored_track(row) for row in found.mappings()]
    return [(track, moods[track.id]) for track in tracks]


async def set_moods(s: AsyncSession, moods: Mapping[int, TrackMood]) -> None:
    """Replace the combined moods of these tracks, by track id.

    Raises IntegrityError for a track that does not exist.
    """
    await s.execute(delete(MoodRow).where(MoodRow.track_id.in_(moods)))
    rows = [{"track_id": track_id, **mood_values(mood)} for track_id, mood in moods.items()]
    await insert_many(s, MoodRow, rows)


async def counts_by_provider(s: AsyncSession, playlist_id: int) -> dict[str, int]:
    """Return, for each provider, how many tracks of a playlist have a valid answer from it."""
    rows = select(EstimateRow.provider, func.count().label("asked")).join(
        TrackRow, TrackRow.id == EstimateRow.track_id
    )
    mine = rows.where(TrackRow.playlist_id == playlist_id, _fresh()).group_by(EstimateRow.provider)
    return {row.provider: row.asked for row in await s.execute(mine)}


async def completed_playlist(s: AsyncSession, provider: str, track_id: int) -> Playlist | None:
    """Return the playlist of a track if the provider has answered about every track in it, else None.

    Playlists without a reference, which grow track by track, are never complete.
    """
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
    rows = select_tracks().add_columns(
        PlaylistRow.id.label("list_id"),
        PlaylistRow.person_id.label("list_person"),
        PlaylistRow.source.label("list_source"),
    )
    return rows.join(PlaylistRow, PlaylistRow.id == TrackRow.playlist_id)


def _pending(row: RowMapping) -> PendingEstimate:
    return PendingEstimate(stored_track(row), row["list_id"], row["list_person"], row["list_source"])


def _fresh() -> ColumnElement[bool]:
    now = utcnow()
    lately, known_lately = EstimateRow.at > now - UNKNOWN_FOR, EstimateRow.at > now - KNOWN_FOR
    return or_(lately, known_lately & EstimateRow.source.is_not(None))
