"""Look up lists behind links again, once a day, if they are in use."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.playlist_services import NoLogin
from bot.delivery import messages
from bot.delivery.outbox import post
from bot.delivery.unit_of_work import Event
from bot.logs import get_logger
from bot.services import Services
from bot.tasks.background import running, survived
from bot.ui.words import words_for
from bot.usecases import playlists as usecase
from bot.usecases.follow_up import follow_up
from bot.usecases.track_mapping import PlaylistDiff
from inference.pool import PoolError
from music.sources import PlaylistError
from music.sources.links import PlaylistLink, Service
from storage import people, playlists
from storage.playlists import Playlist

log = get_logger(__name__)

_EVERY = timedelta(minutes=10)
_AGE = timedelta(days=1)
_AT_ONCE = 5  # lists per round: services count requests


@asynccontextmanager
async def run_refresh(
    services: Services, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Look up lists in use that are a day old, again and again inside; `sleep` waits for so many seconds."""
    async with running(_again(services, sleep)):
        yield


async def _again(services: Services, sleep: Callable[[float], Awaitable[None]]) -> None:
    while True:
        await sleep(_EVERY.total_seconds())
        await survived(refresh_due(services), "not_refreshed")


async def refresh_due(services: Services, age: timedelta = _AGE) -> int:
    """Look up some lists in use that are older than `age`, and return how many were read. Raises SQLAlchemyError.

    A list that cannot be read is tried again a day later: its tracks stay as they are.
    """
    names = [service.value for service in services.playlist_services.services]
    async with services.db.read() as s:
        due = await playlists.due(s, names, age, _AT_ONCE)
    read = 0
    for playlist in due:
        link = PlaylistLink(Service(playlist.source), playlist.source_ref or "")
        try:
            update = await usecase.refresh(services, playlist, link)
        except SQLAlchemyError:
            raise
        except Exception as error:
            unforeseen = None if isinstance(error, PlaylistError | NoLogin | PoolError) else error
            level = logging.ERROR if unforeseen else logging.INFO
            kind = type(error).__name__
            log.log(level, "list_unread", service=playlist.source, error=kind, exc_info=unforeseen)
            async with services.db.write() as s:
                await playlists.touch(s, playlist.id)
        else:
            read += 1
            await _tell(services, playlist, update)
    return read


async def _tell(services: Services, playlist: Playlist, update: PlaylistDiff) -> None:
    """Say what changed in a list, if anything did, and follow it up."""
    async with services.db.write() as s:
        person = await people.get(s, playlist.person_id)
        if person is None:
            return
        words = words_for(person.language_code)
        if update.changed:
            said = words.refreshed(playlist.name, update.added, update.removed)
            await post(s, f"refresh:{uuid4().hex}", person, messages.text(said))
    services.sender.wake()
    with contextlib.suppress(PoolError):  # a wish that could not be fulfilled stays
        await follow_up(services, person, words, {Event.PLAYLISTS_CHANGED})
