"""Store the tracks that were sent, and the thumbs that they got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import AnswerRow, PlaylistRow, PlayRow, TrackRow, Wish
from storage.rows import changed, columns, every, first
from storage.types import utcnow

Sent = tuple[int | None, str, str, int | None]
"""Track id, title, artist, and the step on the way of Regulate."""


@dataclass(frozen=True, slots=True)
class Play:
    """Hold a track that was sent; `track_id` is None once its playlist is gone, `thumb` 1, -1 or None."""

    id: int
    person_id: int
    checkin_id: int
    track_id: int | None
    title: str
    artist: str
    mode: Wish
    step: int | None
    created_at: datetime
    thumb: int | None


@dataclass(frozen=True, slots=True)
class Thumb:
    """Hold what a person thought of a track: 1 for up, -1 for down."""

    title: str
    artist: str
    track_id: int | None
    thumb: int


async def add(
    s: AsyncSession, person_id: int, checkin_id: int, mode: Wish, tracks: Sequence[Sent]
) -> list[int]:
    """Record the tracks that were sent for a check-in, in order, and return the ids of the plays.

    A track that is not the person's, or no longer (a playlist replaced meanwhile), is kept by title alone.
    """
    theirs = await _sources_of(s, person_id, [track_id for track_id, *_ in tracks])
    shared = {"person_id": person_id, "checkin_id": checkin_id, "mode": mode, "created_at": utcnow()}
    rows = [
        {
            **shared,
            "track_id": track_id if track_id in theirs else None,
            "title": title,
            "artist": artist,
            "source": theirs.get(track_id),
            "step": step,
        }
        for track_id, title, artist, step in tracks
    ]
    if not rows:
        return []
    return list(await s.scalars(insert(PlayRow).returning(PlayRow.id, sort_by_parameter_order=True), rows))


async def get(s: AsyncSession, play_id: int) -> Play | None:
    """Return a play of anybody, or None; compare its person before acting on it."""
    return await first(s, Play, _plays().where(PlayRow.id == play_id))


async def for_checkin(s: AsyncSession, checkin_id: int) -> list[Play]:
    """Return what was sent for a check-in, in order."""
    return await every(s, Play, _plays().where(PlayRow.checkin_id == checkin_id).order_by(PlayRow.id))


async def set_thumb(s: AsyncSession, play_id: int, thumb: int) -> bool:
    """Record or turn a thumb, 1 or -1; return False when nothing changed or there is no such play.

    Raises IntegrityError for any other number.
    """
    play = await get(s, play_id)
    if play is None or play.thumb == thumb:
        return False
    if play.thumb is None:
        await s.execute(insert(AnswerRow).values(play_id=play_id, thumb=thumb, at=utcnow()))
    else:
        answer = update(AnswerRow).where(AnswerRow.play_id == play_id)
        await s.execute(answer.values(thumb=thumb, at=utcnow()))
    return True


async def recent_track_ids(s: AsyncSession, person_id: int, limit: int = 50) -> list[int]:
    """Return the ids of at most `limit` tracks that were sent to the person last, each once, the latest first."""
    mine = select(PlayRow.track_id).where(PlayRow.person_id == person_id, PlayRow.track_id.is_not(None))
    latest = mine.group_by(PlayRow.track_id).order_by(func.max(PlayRow.id).desc()).limit(limit)
    return [track_id for track_id in await s.scalars(latest) if track_id is not None]


async def thumbs(s: AsyncSession, person_id: int) -> list[Thumb]:
    """Return every thumb that the person gave, the oldest first."""
    rows = select(*columns(PlayRow, Thumb), AnswerRow.thumb).join(AnswerRow, AnswerRow.play_id == PlayRow.id)
    return await every(
        s, Thumb, rows.where(PlayRow.person_id == person_id).order_by(AnswerRow.at, PlayRow.id)
    )


async def forget_source(s: AsyncSession, person_id: int, source: str) -> int:
    """Forget what was sent from the person's playlists of this source, with its thumbs; return how many there were."""
    return await changed(s, delete(PlayRow).where(PlayRow.person_id == person_id, PlayRow.source == source))


def _plays() -> Select[*tuple[Any, ...]]:
    rows = select(*columns(PlayRow, Play), AnswerRow.thumb)
    return rows.outerjoin(AnswerRow, AnswerRow.play_id == PlayRow.id)


async def _sources_of(
    s: AsyncSession, person_id: int, track_ids: Sequence[int | None]
) -> dict[int | None, str]:
    """Return, by id, the sources of those tracks that are the person's."""
    mine = select(TrackRow.id, PlaylistRow.source).join(PlaylistRow).where(PlaylistRow.person_id == person_id)
    return {row.id: row.source for row in await s.execute(mine.where(TrackRow.id.in_(track_ids)))}
