"""Store playlists with their tracks and the moods of these."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import MoodRow, PlaylistRow, TrackRow
from storage.rows import changed, columns, every, first, insert_many
from storage.tracks import (
    TRACKS,
    StoredTrack,
    TrackColumns,
    TrackWithMood,
    mood_values,
    select_for_selection,
    select_tracks,
    stored_track,
    track_values,
)
from storage.types import utcnow

_AT_ONCE = 5000  # rows that are in memory at a time
_MOVE = update(TRACKS).where(TRACKS.c.id == bindparam("track")).values(position=bindparam("at"))


@dataclass(frozen=True, slots=True)
class Playlist:
    """Hold a playlist without its tracks.

    `source` is a file or a service, `source_ref` the service's id of the playlist, None for files and for a playlist
    that grows by the audio files that a person sends.
    """

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
    """Store a playlist and return it; the person's first becomes active.

    Where the person has a playlist of the same source and reference, or made by the same update, its name and tracks
    are replaced and it keeps its id. Raises IntegrityError for two tracks with one `file_unique_id`.
    """
    playlist_id = await find_id(s, person_id, source, source_ref, update_id)
    if playlist_id is None:
        playlist_id = await _create(s, person_id, name, source, source_ref, update_id)
    else:
        await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(name=name))
        await s.execute(delete(TrackRow).where(TrackRow.playlist_id == playlist_id))
    await _insert(s, playlist_id, dict(enumerate(tracks)))
    await touch(s, playlist_id)
    return await _get(s, playlist_id)


async def rearrange(s: AsyncSession, playlist_id: int, entries: Sequence[int | TrackWithMood]) -> None:
    """Make the entries the playlist's tracks, in this order; tracks that are not among them are removed.

    An entry is the id of a track that the playlist has, which keeps it, or a new track.
    """
    mine = TrackRow.playlist_id == playlist_id
    kept = {entry: at for at, entry in enumerate(entries) if isinstance(entry, int)}
    have = (await s.execute(select(TrackRow.id, TrackRow.position).where(mine))).all()
    gone = [track_id for track_id, _ in have if track_id not in kept]
    for part in _parts(gone):
        await s.execute(delete(TrackRow).where(TrackRow.id.in_(part)))
    moved = [(track_id, kept[track_id]) for track_id, at in have if kept.get(track_id, at) != at]
    for side in (-1, 1):  # no two tracks may have one position, not even in passing: below zero is room
        values = [{"track": track_id, "at": at if side > 0 else -1 - at} for track_id, at in moved]
        if values:
            await s.execute(_MOVE, values)
    new = {at: entry for at, entry in enumerate(entries) if not isinstance(entry, int)}
    await _insert(s, playlist_id, new)
    await touch(s, playlist_id)


async def touch(s: AsyncSession, playlist_id: int) -> None:
    """Record that the playlist is as its source has it now."""
    await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(refreshed_at=utcnow()))


async def due(s: AsyncSession, sources: Collection[str], older_than: timedelta, limit: int) -> list[Playlist]:
    """Return active playlists of these sources that were not looked up for so long, the longest waiting first.

    At most `limit`, and only those that have a reference.
    """
    stale = PlaylistRow.active & (PlaylistRow.refreshed_at <= utcnow() - older_than)
    named = PlaylistRow.source.in_(sources) & PlaylistRow.source_ref.is_not(None)
    rows = _playlists().where(stale & named).order_by(PlaylistRow.refreshed_at).limit(limit)
    return await every(s, Playlist, rows)


async def append_track(
    s: AsyncSession, person_id: int, name: str, source: str, new: TrackWithMood
) -> tuple[Playlist, bool]:
    """Put a track at the end of the person's growing playlist of this source; return it, and whether that was new.

    The growing playlist is the one without a reference; it is made, with this name, when there is none. A track whose
    file is there already is not added.
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
    """Remove a file of Telegram's from the person's playlists, and each playlist that is empty then."""
    mine = await list_for(s, person_id)
    theirs = TrackRow.playlist_id.in_([playlist.id for playlist in mine])
    await s.execute(delete(TrackRow).where(theirs, TrackRow.file_unique_id == file_unique_id))
    for playlist in await list_for(s, person_id):
        if playlist.track_count == 0:
            await remove(s, person_id, playlist.id)


async def list_for(s: AsyncSession, person_id: int) -> list[Playlist]:
    """Return the person's playlists, the oldest first."""
    return await every(s, Playlist, _of(person_id))


async def get(s: AsyncSession, person_id: int, playlist_id: int) -> Playlist | None:
    """Return the person's playlist with this id, or None."""
    return await first(s, Playlist, _of(person_id).where(PlaylistRow.id == playlist_id))


async def active(s: AsyncSession, person_id: int) -> list[Playlist]:
    """Return the playlists that tracks are chosen from; there are none only when the person has none."""
    return await every(s, Playlist, _of(person_id).where(PlaylistRow.active))


async def activate(s: AsyncSession, person_id: int, playlist_id: int) -> bool:
    """Make a playlist the only active one; return False when the person has no such playlist."""
    mine = PlaylistRow.person_id == person_id
    if await s.scalar(select(PlaylistRow.id).where(mine, PlaylistRow.id == playlist_id)) is None:
        return False
    await s.execute(update(PlaylistRow).where(mine).values(active=False))
    await s.execute(update(PlaylistRow).where(PlaylistRow.id == playlist_id).values(active=True))
    return True


async def activate_all(s: AsyncSession, person_id: int) -> None:
    """Make all of the person's playlists active."""
    await s.execute(update(PlaylistRow).where(PlaylistRow.person_id == person_id).values(active=True))


async def remove_source(s: AsyncSession, person_id: int, source: str) -> int:
    """Remove all of the person's playlists from this source, and return how many there were."""
    theirs = [playlist.id for playlist in await list_for(s, person_id) if playlist.source == source]
    for playlist_id in theirs:
        await remove(s, person_id, playlist_id)
    return len(theirs)


async def remove(s: AsyncSession, person_id: int, playlist_id: int) -> bool:
    """Remove a playlist; return False when the person has no such playlist.

    Where it was the only active one, the newest of the others becomes active.
    """
    mine = PlaylistRow.person_id == person_id
    if not await changed(s, delete(PlaylistRow).where(mine, PlaylistRow.id == playlist_id)):
        return False
    newest = await s.scalar(select(func.max(PlaylistRow.id)).where(mine))
    if newest is not None and not await active(s, person_id):
        await activate(s, person_id, newest)
    return True


async def tracks(s: AsyncSession, playlist_id: int) -> list[StoredTrack]:
    """Return the tracks of a playlist in their order."""
    mine = select_tracks().where(TRACKS.c.playlist_id == playlist_id).order_by(TRACKS.c.position)
    return [stored_track(row) for row in (await s.execute(mine)).mappings()]


async def columns_for_selection(s: AsyncSession, playlist_ids: Collection[int], limit: int) -> TrackColumns:
    """Return what a selection needs of the tracks of some playlists: of at most `limit`, the newest first."""
    mine = select_for_selection().where(TRACKS.c.playlist_id.in_(playlist_ids))
    found = TrackColumns()
    newest = mine.order_by(TRACKS.c.id.desc()).limit(limit)
    async for part in (await s.stream(newest)).partitions(_AT_ONCE):
        for row in part:
            found.append(row)
    return found


async def tracks_by_id(s: AsyncSession, track_ids: Collection[int]) -> dict[int, StoredTrack]:
    """Return some tracks by their ids, as far as they are there."""
    wanted = select_tracks().where(TRACKS.c.id.in_(track_ids))
    return {row["id"]: stored_track(row) for row in (await s.execute(wanted)).mappings()}


async def count_tracks(s: AsyncSession, person_id: int, besides: int | None = None) -> int:
    """Count the tracks in all of the person's playlists, but for those of the playlist `besides`."""
    rows = (
        select(func.count()).select_from(TrackRow).join(PlaylistRow).where(PlaylistRow.person_id == person_id)
    )
    return await s.scalar(rows if besides is None else rows.where(PlaylistRow.id != besides)) or 0


async def rename_track(s: AsyncSession, track_id: int, title: str, artist: str) -> None:
    """Give a track the title and artist that its own file names."""
    await s.execute(update(TrackRow).where(TrackRow.id == track_id).values(title=title, artist=artist))


def _of(person_id: int) -> Select[*tuple[Any, ...]]:
    return _playlists().where(PlaylistRow.person_id == person_id).order_by(PlaylistRow.id)


def _playlists() -> Select[*tuple[Any, ...]]:
    count = select(func.count()).where(TrackRow.playlist_id == PlaylistRow.id).scalar_subquery()
    return select(*columns(PlaylistRow, Playlist), count.label("track_count"))


async def _get(s: AsyncSession, playlist_id: int) -> Playlist:
    return Playlist(**(await s.execute(_playlists().where(PlaylistRow.id == playlist_id))).mappings().one())


async def find_id(
    s: AsyncSession, person_id: int, source: str, source_ref: str | None, update_id: int | None = None
) -> int | None:
    """Return the id of the person's playlist with this source and reference, or made by this update, or None."""
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
    await insert_many(s, TrackRow, rows)
    ids = select(TrackRow.position, TrackRow.id).where(TrackRow.playlist_id == playlist_id)
    moods = [
        {"track_id": track_id, **mood_values(mood)}
        for position, track_id in await s.execute(ids)
        if position in new and (mood := new[position][1])
    ]
    await insert_many(s, MoodRow, moods)


def _parts(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """Split ids so that each part fits into one statement's parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
