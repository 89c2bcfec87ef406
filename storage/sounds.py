"""Tracks whose sound can be had, until it was listened to: the database is the list of what is still to be done."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import MoodRow, PlaylistRow, TrackRow
from storage.playlists import MoodValues, Playlist, StoredTrack, get, stored_track
from storage.rows import columns
from storage.types import utcnow


@dataclass(frozen=True, slots=True)
class Unheard:
    """A track with the source of its playlist."""

    track: StoredTrack
    source: str


async def unheard(s: AsyncSession, sources: Collection[str], limit: int) -> list[Unheard]:
    """Tracks that nobody listened to yet, the oldest first: sent as files, or in lists of these sources."""
    rows = (
        select(
            *columns(TrackRow, StoredTrack),
            *columns(MoodRow, MoodValues),
            PlaylistRow.source.label("list_source"),
        )
        .join(PlaylistRow, PlaylistRow.id == TrackRow.playlist_id)
        .outerjoin(MoodRow, MoodRow.track_id == TrackRow.id)
        .where(TrackRow.heard_at.is_(None))
        .where(or_(TrackRow.file_id.is_not(None), PlaylistRow.source.in_(sources)))
        .order_by(TrackRow.id)
        .limit(limit)
    )
    found = []
    for row in (await s.execute(rows)).mappings():
        values = dict(row)
        source = values.pop("list_source")
        found.append(Unheard(stored_track(values), source))
    return found


async def finished(s: AsyncSession, track_id: int) -> Playlist | None:
    """The list of a track that was just heard, when it was the last one to be heard of a list with a reference."""
    of_track = select(TrackRow.playlist_id).where(TrackRow.id == track_id).scalar_subquery()
    waiting = select(TrackRow.id).where(TrackRow.playlist_id == of_track, TrackRow.heard_at.is_(None))
    row = await s.execute(
        select(PlaylistRow.person_id).where(
            PlaylistRow.id == of_track, PlaylistRow.source_ref.is_not(None), ~waiting.exists()
        )
    )
    person_id = row.scalar()
    return None if person_id is None else await get(s, person_id, await s.scalar(select(of_track)) or 0)


async def name(s: AsyncSession, track_id: int, title: str, artist: str) -> None:
    """Call a track what its own file calls it."""
    await s.execute(update(TrackRow).where(TrackRow.id == track_id).values(title=title, artist=artist))


async def heard(s: AsyncSession, track_id: int, mood: MoodValues | None) -> None:
    """Note that it was listened to, and the mood that it has now; None where nothing could be heard.

    A track that is gone meanwhile is no error.
    """
    await s.execute(update(TrackRow).where(TrackRow.id == track_id).values(heard_at=utcnow()))
    if mood is None or await s.scalar(select(TrackRow.id).where(TrackRow.id == track_id)) is None:
        return
    await s.execute(delete(MoodRow).where(MoodRow.track_id == track_id))
    await s.execute(insert(MoodRow).values(track_id=track_id, **asdict(mood)))
