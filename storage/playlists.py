"""Playlists with their tracks and where these lie on the plane of affect."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import MoodRow, PlaylistRow, TrackRow
from storage.rows import changed, columns, every, first
from storage.tracks import (
    TRACK_COLUMNS,
    StoredTrack,
    TrackWithMood,
    mood_columns,
    mood_values,
    stored_track,
    track_values,
)
from storage.types import utcnow


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist without its tracks."""

    id: int
    person_id: int
    name: str
    source: str
    source_ref: str | None
    active: bool
    track_count: int


async def add(
    s: AsyncSession,
    person_id: int,
    name: str,
    source: str,
    source_ref: str | None,
    tracks: Sequence[TrackWithMood],
    update_id: int | None = None,
) -> Playlist:
    """Store a playlist; the person's first becomes active.

    The same source and reference, or the same update handled again, replace name and tracks and keep the id.
    """
    playlist_id = await known(s, person_id, source, source_ref, update_id)
    if playlist_id is None:
        playlist_id = await _create(s, person_id, name, source, source_ref, update_id)
    else:
        await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(name=name))
        await s.execute(delete(TrackRow).where(TrackRow.playlist_id == playlist_id))
    await _insert(s, playlist_id, dict(enumerate(tracks)))
    await touch(s, playlist_id)
    return await _get(s, playlist_id)


async def rearrange(s: AsyncSession, playlist_id: int, entries: Sequence[int | TrackWithMood]) -> None:
    """Make these the playlist's tracks, in this order: ids of tracks that it has, which keep them, and new ones.

    Tracks that are not among the entries go.
    """
    mine = TrackRow.playlist_id == playlist_id
    kept = {entry: at for at, entry in enumerate(entries) if isinstance(entry, int)}
    have = (await s.execute(select(TrackRow.id, TrackRow.position).where(mine))).all()
    gone = [track_id for track_id, _ in have if track_id not in kept]
    for part in _parts(gone):
        await s.execute(delete(TrackRow).where(TrackRow.id.in_(part)))
    moved = [(track_id, kept[track_id]) for track_id, at in have if kept.get(track_id, at) != at]
    for side in (-1, 1):  # no two tracks may have one position, not even in passing: below zero is room
        values = [{"id": track_id, "position": at if side > 0 else -1 - at} for track_id, at in moved]
        if values:
            await s.execute(update(TrackRow), values)
    new = {at: entry for at, entry in enumerate(entries) if not isinstance(entry, int)}
    await _insert(s, playlist_id, new)
    await touch(s, playlist_id)


async def touch(s: AsyncSession, playlist_id: int) -> None:
    """Note that it is as its source has it now."""
    await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(refreshed_at=utcnow()))


async def due(s: AsyncSession, sources: Collection[str], older_than: timedelta, limit: int) -> list[Playlist]:
    """Active lists of these sources that were not looked up for so long, those that wait longest first."""
    stale = PlaylistRow.active & (PlaylistRow.refreshed_at <= utcnow() - older_than)
    named = PlaylistRow.source.in_(sources) & PlaylistRow.source_ref.is_not(None)
    rows = _playlists().where(stale & named).order_by(PlaylistRow.refreshed_at).limit(limit)
    return await every(s, Playlist, rows)


async def append_track(
    s: AsyncSession, person_id: int, name: str, source: str, new: TrackWithMood
) -> tuple[Playlist, bool]:
    """Put a track at the end of the person's growing playlist of this source; False when its file is there.

    The growing playlist is the one without a reference; it is made, with this name, when there is none.
    """
    growing = _of(person_id).where(PlaylistRow.source == source, PlaylistRow.source_ref.is_(None))
    playlist = await first(s, Playlist, growing)
    playlist_id = playlist.id if playlist else await _create(s, person_id, name, source, None, None)
    file = new[0].file_unique_id
    added = file is None or not await _has_file(s, playlist_id, file)
    if added:
        last = await s.scalar(select(func.max(TrackRow.position)).where(TrackRow.playlist_id == playlist_id))
        await _insert(s, playlist_id, {0 if last is None else last + 1: new})
    return await _get(s, playlist_id), added


async def remove_file(s: AsyncSession, person_id: int, file_unique_id: str) -> None:
    """Take a file of Telegram's out of the person's playlists; one that is empty then goes too."""
    mine = await list_for(s, person_id)
    theirs = TrackRow.playlist_id.in_([playlist.id for playlist in mine])
    await s.execute(delete(TrackRow).where(theirs, TrackRow.file_unique_id == file_unique_id))
    for playlist in await list_for(s, person_id):
        if playlist.track_count == 0:
            await remove(s, person_id, playlist.id)


async def list_for(s: AsyncSession, person_id: int) -> list[Playlist]:
    """The person's playlists, the oldest first."""
    return await every(s, Playlist, _of(person_id))


async def get(s: AsyncSession, person_id: int, playlist_id: int) -> Playlist | None:
    """The person's playlist with this id, None when there is none."""
    return await first(s, Playlist, _of(person_id).where(PlaylistRow.id == playlist_id))


async def active(s: AsyncSession, person_id: int) -> list[Playlist]:
    """The playlists that tracks are chosen from; none only when the person has none."""
    return await every(s, Playlist, _of(person_id).where(PlaylistRow.active))


async def activate(s: AsyncSession, person_id: int, playlist_id: int) -> bool:
    """Make it the only active one; False when the person has no such playlist."""
    mine = PlaylistRow.person_id == person_id
    if await s.scalar(select(PlaylistRow.id).where(mine, PlaylistRow.id == playlist_id)) is None:
        return False
    await s.execute(update(PlaylistRow).where(mine).values(active=False))
    await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(active=True))
    return True


async def activate_all(s: AsyncSession, person_id: int) -> None:
    """Choose from all of the person's playlists."""
    await s.execute(update(PlaylistRow).where(PlaylistRow.person_id == person_id).values(active=True))


async def remove_source(s: AsyncSession, person_id: int, source: str) -> int:
    """Remove all of the person's playlists from this source; how many there were."""
    theirs = [playlist.id for playlist in await list_for(s, person_id) if playlist.source == source]
    for playlist_id in theirs:
        await remove(s, person_id, playlist_id)
    return len(theirs)


async def remove(s: AsyncSession, person_id: int, playlist_id: int) -> bool:
    """Remove it; False when the person has no such playlist. The last active one hands over to the newest."""
    mine = PlaylistRow.person_id == person_id
    if not await changed(s, delete(PlaylistRow).where(mine, PlaylistRow.id == playlist_id)):
        return False
    newest = await s.scalar(select(func.max(PlaylistRow.id)).where(mine))
    if newest is not None and not await active(s, person_id):
        await activate(s, person_id, newest)
    return True


async def tracks(s: AsyncSession, playlist_id: int) -> list[StoredTrack]:
    """The tracks in their order."""
    rows = select(*TRACK_COLUMNS, *mood_columns(MoodRow))
    mine = rows.outerjoin(MoodRow, MoodRow.track_id == TrackRow.id).where(TrackRow.playlist_id == playlist_id)
    return [stored_track(row) for row in (await s.execute(mine.order_by(TrackRow.position))).mappings()]


async def rename_track(s: AsyncSession, track_id: int, title: str, artist: str) -> None:
    """Call a track what its own file calls it."""
    await s.execute(update(TrackRow).where(TrackRow.id == track_id).values(title=title, artist=artist))


def _of(person_id: int) -> Select[*tuple[Any, ...]]:
    return _playlists().where(PlaylistRow.person_id == person_id).order_by(PlaylistRow.id)


def _playlists() -> Select[*tuple[Any, ...]]:
    count = select(func.count()).where(TrackRow.playlist_id == PlaylistRow.id).scalar_subquery()
    return select(*columns(PlaylistRow, Playlist), count.label("track_count"))


async def _get(s: AsyncSession, playlist_id: int) -> Playlist:
    return Playlist(**(await s.execute(_playlists().where(PlaylistRow.id == playlist_id))).mappings().one())


async def known(
    s: AsyncSession, person_id: int, source: str, source_ref: str | None, update_id: int | None = None
) -> int | None:
    """The id of the person's playlist with this source and reference, or made by this update."""
    same_source = (PlaylistRow.source == source) & (PlaylistRow.source_ref == source_ref)
    same = [
        *([same_source] if source_ref is not None else []),
        *([PlaylistRow.update_id == update_id] if update_id is not None else []),
    ]
    mine = select(PlaylistRow.id).where(PlaylistRow.person_id == person_id)
    return await s.scalar(mine.where(or_(false(), *same)).limit(1))


async def _create(
    s: AsyncSession, person_id: int, name: str, source: str, source_ref: str | None, update_id: int | None
) -> int:
    others = select(PlaylistRow.id).where(PlaylistRow.person_id == person_id).exists()
    row = insert(PlaylistRow).values(
        person_id=person_id,
        name=name,
        source=source,
        source_ref=source_ref,
        update_id=update_id,
        active=~others,
        created_at=utcnow(),
    )
    return (await s.execute(row.returning(PlaylistRow.id))).scalar_one()


async def _has_file(s: AsyncSession, playlist_id: int, file_unique_id: str) -> bool:
    same = select(TrackRow.id).where(
        TrackRow.playlist_id == playlist_id, TrackRow.file_unique_id == file_unique_id
    )
    return await s.scalar(same) is not None


async def _insert(s: AsyncSession, playlist_id: int, new: Mapping[int, TrackWithMood]) -> None:
    """Insert tracks by their positions, then the moods of those that have one: two statements for any number."""
    if not new:
        return
    rows = [
        {"playlist_id": playlist_id, "position": at, **track_values(track)} for at, (track, _) in new.items()
    ]
    await s.execute(insert(TrackRow), rows)
    ids = select(TrackRow.position, TrackRow.id).where(TrackRow.playlist_id == playlist_id)
    moods = [
        {"track_id": track_id, **mood_values(mood)}
        for position, track_id in await s.execute(ids)
        if position in new and (mood := new[position][1])
    ]
    if moods:
        await s.execute(insert(MoodRow), moods)


def _parts(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """Few enough at a time for one statement's parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
