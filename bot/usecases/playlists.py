"""Store a person's playlists, choose among them, and look them up again."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.accounts.playlist_services import PlaylistServices
from bot.delivery.unit_of_work import Event, UnitOfWork
from bot.services import Services
from bot.usecases import playlist_preparation, track_mapping
from bot.usecases.playlist_preparation import PreparedPlaylist
from bot.usecases.track_mapping import PlaylistDiff
from domain.tracks import Track
from inference.pool import DeadlineExceeded, WorkerDied
from music.errors import Code, FileTooLarge, Problem
from music.sources import ImportedPlaylist, PlaylistError
from music.sources.links import PlaylistLink
from storage import playlists
from storage.playlists import Playlist

MOST_TRACKS = 100_000  # in all lists of a person
_GROWING = "telegram_audio"  # the source of the list to which sent audio is added


async def read_file(services: Services, name: str, data: bytes) -> PreparedPlaylist:
    """Read a playlist file, in the process that reads nothing else. Raises PlaylistError or PoolError."""
    try:
        return await services.parser.run(playlist_preparation.prepare_file, name, data)
    except (DeadlineExceeded, WorkerDied, MemoryError) as error:
        raise FileTooLarge(Problem(Code.FILE_TOO_COSTLY)) from error


async def store(work: UnitOfWork, found: PreparedPlaylist, source: str, reference: str | None) -> Playlist:
    """Keep a playlist, in place of the one with the same source and reference if there is any.

    Raises PlaylistError where the person would have more than MOST_TRACKS tracks then.
    """
    same = await playlists.find_id(work.session, work.person.id, source, reference)
    await _make_room(work.session, work.person.id, len(found.tracks), besides=same)
    work.events.add(Event.PLAYLISTS_CHANGED)
    return await playlists.add(
        work.session, work.person.id, found.name, source, reference, found.tracks, work.update_id
    )


async def append(work: UnitOfWork, track: Track, name: str) -> tuple[Playlist, bool]:
    """Put an audio that was sent at the end of the list of such, which is made with this name where there is none.

    Returns the list, and False where the file is in it already.
    """
    await _make_room(work.session, work.person.id, 1)
    work.events.add(Event.PLAYLISTS_CHANGED)
    new = playlist_preparation.with_mood(track)
    return await playlists.append_track(work.session, work.person.id, name, _GROWING, new)


async def _make_room(s: AsyncSession, person_id: int, count: int, besides: int | None = None) -> None:
    """Raise PlaylistError where so many more tracks are too many for the lists of one person."""
    if await playlists.count_tracks(s, person_id, besides) + count > MOST_TRACKS:
        raise PlaylistError(Problem(Code.TOO_MANY_TRACKS_IN_ALL, limit=MOST_TRACKS))


async def activate(work: UnitOfWork, playlist_id: int) -> bool:
    """Choose tracks from this list alone; False when the person has no such list."""
    work.events.add(Event.PLAYLISTS_CHANGED)
    return await playlists.activate(work.session, work.person.id, playlist_id)


async def activate_all(work: UnitOfWork) -> list[Playlist]:
    """Choose tracks from all of the person's lists, and return these."""
    work.events.add(Event.PLAYLISTS_CHANGED)
    await playlists.activate_all(work.session, work.person.id)
    return await playlists.list_for(work.session, work.person.id)


def link_of(playlist: Playlist, links: PlaylistServices) -> PlaylistLink | None:
    """Return where a list can be looked up again; None for files and for services that are switched off."""
    readable = {service.value: service for service in links.services}
    service = readable.get(playlist.source)
    return PlaylistLink(service, playlist.source_ref) if service and playlist.source_ref else None


async def refresh(services: Services, playlist: Playlist, link: PlaylistLink) -> PlaylistDiff:
    """Look a list up and keep what changed. Raises PlaylistError, NoLogin or PoolError."""
    found = await services.playlist_services.read(playlist.person_id, link)
    return await update(services, playlist.person_id, playlist.id, found)


async def update(
    services: Services, person_id: int, playlist_id: int, found: ImportedPlaylist
) -> PlaylistDiff:
    """Make a stored list what was found; tracks that stay keep their plays and thumbs.

    Raises PoolError, and PlaylistError where the person would have more than MOST_TRACKS tracks then.
    """
    async with services.db.read() as s:
        stored = await playlists.tracks(s, playlist_id)
    difference = await services.pool.run(track_mapping.diff, stored, found)
    async with services.db.write() as s:
        if difference.changed:
            await _make_room(s, person_id, len(difference.entries), besides=playlist_id)
            await playlists.rearrange(s, playlist_id, difference.entries)
        await playlists.touch(s, playlist_id)
    await services.new_tracks.announce()
    return difference
