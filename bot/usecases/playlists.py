"""Store a person's playlists, choose among them, and look them up again."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncSession

from bot.accounts.playlist_services import PlaylistServices
from bot.delivery import messages
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
from storage import logins, playlists, plays
from storage.playlists import Playlist

MOST_TRACKS = 100_000  # in all lists of a person
Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
_GROWING = "telegram_audio"  # the source of the list to which sent audio is added


async def read_file(services: Services, name: str, data: bytes) -> PreparedPlaylist:
    """Read a playlist file, in the process that reads nothing else. Raises PlaylistError or PoolError."""
    try:
        return await services.parser.run(playlist_preparation.prepare_file, name, data)
    except (DeadlineExceeded, WorkerDied, MemoryError) as error:
        raise FileTooLarge(Problem(Code.FILE_TOO_COSTLY)) from error


async def keep(
    services: Services, unit_of_work: Begin, person_id: int, imported: ImportedPlaylist, at: tuple[str, str]
) -> None:
    """Store a list, or what changed in it when it is there already, and say which; `at` is its source and reference.

    `unit_of_work` begins the one of the update. Raises PlaylistError or PoolError.
    """
    async with services.db.read() as s:
        known = await playlists.find_id(s, person_id, *at)
    if known is None:
        found = await services.parser.run(playlist_preparation.prepare, imported)
        async with unit_of_work() as work:
            await store(work, found, *at)
        return
    changes = await update(services, person_id, known, imported)
    async with unit_of_work() as work:
        work.events.add(Event.PLAYLISTS_CHANGED)
        said = work.words.refreshed(imported.name, changes.added, changes.removed)
        await work.say(messages.text(said))


async def store(work: UnitOfWork, found: PreparedPlaylist, source: str, reference: str | None) -> None:
    """Keep a playlist, in place of the one with the same source and reference if there is any, and say what it holds.

    Raises PlaylistError where the person would have more than MOST_TRACKS tracks then.
    """
    same = await playlists.find_id(work.session, work.person.id, source, reference)
    await _make_room(work.session, work.person.id, len(found.tracks), besides=same)
    work.events.add(Event.PLAYLISTS_CHANGED)
    stored = await playlists.add(
        work.session, work.person.id, found.name, source, reference, found.tracks, work.update_id
    )
    said = work.words.playlist_added(
        stored.name, stored.track_count, found.skipped, found.problems, stored.active
    )
    await work.say(messages.text(said))


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


async def remove(work: UnitOfWork, playlist_id: int) -> bool:
    """Remove a list; False when the person has no such list. Another one may be chosen from then."""
    work.events.add(Event.PLAYLISTS_CHANGED)
    return await playlists.remove(work.session, work.person.id, playlist_id)


async def forget_source(work: UnitOfWork, source: str) -> int | None:
    """Forget a login and all that came with it, and return how many lists went; None where there was nothing."""
    person_id = work.person.id
    linked = await logins.remove(work.session, person_id, source)
    lists = await playlists.remove_source(work.session, person_id, source)
    await plays.forget_source(work.session, person_id, source)
    return lists if linked or lists else None


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

    Whoever calls this follows up that the playlist changed, in the unit of work or by `follow_up`.
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
    return difference
