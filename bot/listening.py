"""The sound of tracks, listened to in the background: what is still to be heard stands in the database.

So it goes on after a restart, and what is ready can be used at once. Whoever waits for a reading goes first.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, TelegramError

from bot import findings, library, messages
from bot.background import running
from bot.findings import SOUND
from bot.library import Heard
from bot.turn import Services
from bot.words import words_for
from inference.pool import PoolBusy, PoolClosed, PoolError
from music.sources.errors import ServiceFailed
from music.sources.links import Service
from storage import estimates, outbox, people, playlists
from storage.estimates import Said, Waiting
from storage.playlists import Playlist, StoredTrack

log = logging.getLogger(__name__)

_EVERY_S = 600.0  # and whenever something new came
_AT_ONCE = 20
_POLITE_S = 0.5
_DEEZER = Service.DEEZER.value
_NOTHING = Heard(None, "", "")


@asynccontextmanager
async def kept_listening(services: Services) -> AsyncIterator[None]:
    """Listen to whatever has not been heard inside."""
    async with running(_again(services)):
        yield


async def _again(services: Services) -> None:
    while True:
        seen = services.new_tracks.count
        try:
            if await listen_to_some(services) < _AT_ONCE:
                await services.new_tracks.wait(seen, _EVERY_S)
        except (SQLAlchemyError, PoolError, TelegramError, ServiceFailed) as error:
            log.warning("event=not_heard error=%s", type(error).__name__)
            await asyncio.sleep(_EVERY_S)


async def listen_to_some(services: Services) -> int:
    """Listen to the next few tracks; how many there were.

    Raises SQLAlchemyError, PoolError, TelegramError or ServiceFailed: the rest is tried again later."""
    sounding = [_DEEZER] if services.links.previews else []
    async with services.db.read() as s:
        waiting = await estimates.waiting(s, SOUND, _AT_ONCE, sounding=sounding)
    for each in waiting:
        await _listen(services, each)
    return len(waiting)


async def _listen(services: Services, each: Waiting) -> None:
    key = each.track.file_unique_id or each.track.link
    async with services.db.read() as s:  # what nobody has named yet is fetched in any case, for its tags
        cached = (await estimates.cached(s, SOUND, [key])).get(key) if key and each.track.artist else None
    told = await _told(services, each.track) if cached is None else Heard(cached.mood, "", "")
    said = cached or Said(key, told.mood)
    async with services.db.write() as s:
        if told.title:
            await playlists.rename_track(s, each.track.id, told.title, told.artist)
        await findings.keep(s, SOUND, {each.track.id: said})
        await _tell(s, await estimates.finished(s, SOUND, each.track.id))
    await findings.tell_progress(services, {(each.person_id, each.playlist_id)})


async def _told(services: Services, track: StoredTrack) -> Heard:
    """What its sound tells. Raises PoolBusy, PoolClosed, TelegramError or ServiceFailed."""
    while services.pool.ahead:  # noqa: ASYNC110  (the pool has no event for being idle)
        await asyncio.sleep(_POLITE_S)
    data = await _sound_of(services, track)
    try:
        return await services.pool.run(library.listen, data, track) if data else _NOTHING
    except (PoolBusy, PoolClosed):
        raise
    except Exception as error:  # a file that breaks the ear must not be met again and again
        log.exception("event=unhearable error=%s", type(error).__name__)
        return _NOTHING


async def _tell(s: AsyncSession, playlist: Playlist | None) -> None:
    """Say that a list is heard through."""
    person = await people.get(s, playlist.person_id) if playlist else None
    if playlist and person:
        said = words_for(person.language_code).heard_through(playlist.name, playlist.track_count)
        message, key = messages.text(said), f"heard:{playlist.id}:{uuid4().hex}"
        await outbox.add(s, key, person.chat_id, message.method, message.arguments, person.id)


async def _sound_of(services: Services, track: StoredTrack) -> bytes | None:
    """The file that was sent, or a preview; None where nobody has it (any more). Raises ServiceFailed."""
    if track.file_id is None:
        previews = services.links.previews
        return await previews.preview(track.link) if previews and track.link else None
    try:
        file = await services.bot.get_file(track.file_id)
        return bytes(await file.download_as_bytearray())
    except (BadRequest, RuntimeError):
        return None
