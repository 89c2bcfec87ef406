"""Analyse the sound of tracks in the background; what is still to be heard stands in the database.

So it goes on after a restart, and what is ready can be used at once. Whoever waits for a reading goes first. One task
for each place that sounds come from: a slow or broken one holds up no other.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, RetryAfter

from bot.delivery import messages
from bot.delivery.outbox import post
from bot.delivery.telegram_request import seconds_of
from bot.logs import get_logger
from bot.services import Services
from bot.tasks.background import running, survived
from bot.ui.words import words_for
from bot.usecases import mood_estimates, track_mapping
from bot.usecases.mood_estimates import SOUND
from bot.usecases.track_mapping import AudioAnalysis
from domain.tracks import Track
from inference.pool import PoolBusy, PoolClosed
from music.lookups.circuit_breaker import CircuitBreaker
from music.sources.links import Service
from music.sources.services.deezer import DeezerSource
from storage import estimates, people, playlists
from storage.estimates import Estimate, PendingEstimate
from storage.playlists import Playlist

log = get_logger(__name__)

_EVERY_S = 600.0  # and whenever something new came
_AT_ONCE = 20
_POLITE_S = 0.5
_FETCH_S = 60.0
_NOTHING = AudioAnalysis(None, "", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Name where sounds of tracks come from: files that were sent (no `source`), or previews for lists of a source.

    A place that fails is left alone for a while; the other one is not.
    """

    source: str | None
    fetch: Callable[[Track], Awaitable[bytes | None]]
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)


def places(services: Services) -> list[Place]:
    """Return the places that are turned on."""
    previews = services.playlist_services.previews
    sent = Place(None, partial(_file_of, services))
    return [sent, *([Place(Service.DEEZER.value, partial(_preview_of, previews))] if previews else [])]


@asynccontextmanager
async def run_audio_analysis(services: Services) -> AsyncIterator[None]:
    """Analyse, inside, whatever was not heard yet."""
    async with contextlib.AsyncExitStack() as stack:
        for place in places(services):
            await stack.enter_async_context(running(_again(services, place)))
        yield


async def _again(services: Services, place: Place) -> None:
    while True:
        seen = services.new_tracks.count
        if await survived(listen_to_all(services, place), "not_heard"):
            await services.new_tracks.wait(seen, _EVERY_S)
        else:
            await asyncio.sleep(_EVERY_S)


async def listen_to_all(services: Services, place: Place) -> int:
    """Analyse every track of a place that was not heard yet, the newest first, and return how many were.

    One that could not be fetched is tried again the next time, after all others had their turn. Raises
    SQLAlchemyError or PoolError: the rest is tried again later.
    """
    count, seen, below = 0, services.new_tracks.count, None
    while batch := await _waiting(services, place, below):
        for each in batch:
            await asyncio.sleep(place.breaker.open_s)
            count += await _listen(services, place, each)
        # Below are those that were not looked at yet, unless something new came, which is above.
        below = batch[-1].stored.id if services.new_tracks.count == seen else None
        seen = services.new_tracks.count
    return count


async def _waiting(services: Services, place: Place, below: int | None) -> list[PendingEstimate]:
    async with services.db.read() as s:
        return await estimates.pending(
            s, SOUND, _AT_ONCE, below=below, audio_source=place.source or estimates.SENT
        )


async def _listen(services: Services, place: Place, each: PendingEstimate) -> bool:
    """Analyse one track and keep what its sound tells, also when that is nothing; False where its place failed."""
    key = each.stored.track.file_unique_id or each.stored.track.link
    async with services.db.read() as s:  # what nobody has named yet is fetched in any case, for its tags
        cached = (
            (await estimates.recent_by_key(s, SOUND, [key])).get(key)
            if key and each.stored.track.artist
            else None
        )
    told = (
        await _told(services, place, each.stored.track)
        if cached is None
        else AudioAnalysis(cached.mood, "", "")
    )
    if told is None:
        return False
    await _keep(services, each, told, cached or Estimate(key, told.mood))
    return True


async def _keep(services: Services, each: PendingEstimate, told: AudioAnalysis, said: Estimate) -> None:
    async with services.db.write() as s:
        if told.title:
            await playlists.rename_track(s, each.stored.id, told.title, told.artist)
        await mood_estimates.save(s, SOUND, {each.stored.id: said})
        await _tell(s, await estimates.completed_playlist(s, SOUND, each.stored.id))
    await mood_estimates.tell_progress(services, {(each.person_id, each.playlist_id)})


async def _told(services: Services, place: Place, track: Track) -> AudioAnalysis | None:
    """Return what the sound of a track tells; None where its place failed and is left alone. Raises PoolClosed."""
    try:
        async with asyncio.timeout(_FETCH_S):
            data = await place.fetch(track)
    except Exception as error:  # a service may answer anything
        place.breaker.record_failure(_asked_s(error))
        log.warning("not_fetched", place=place.source or "telegram", error=type(error).__name__)
        return None
    place.breaker.record_answer()
    return await _heard(services, data, track) if data else _NOTHING


async def _heard(services: Services, data: bytes, track: Track) -> AudioAnalysis:
    while True:
        while services.pool.ahead:  # noqa: ASYNC110  (the pool has no event for being idle)
            await asyncio.sleep(_POLITE_S)
        try:
            return await services.pool.run(track_mapping.analyse, data, track)
        except PoolBusy:
            await asyncio.sleep(_POLITE_S)
        except PoolClosed:
            raise
        except Exception as error:  # a file that breaks the ear must not be met again and again
            log.exception("unhearable", error=type(error).__name__)
            return _NOTHING


def _asked_s(error: Exception) -> float:
    """Return for how many seconds Telegram asks to be left alone."""
    return seconds_of(error) if isinstance(error, RetryAfter) else 0.0


async def _tell(s: AsyncSession, playlist: Playlist | None) -> None:
    """Say that all tracks of a list were heard."""
    person = await people.get(s, playlist.person_id) if playlist else None
    if playlist and person:
        said = words_for(person.language_code).all_analysed(playlist.name, playlist.track_count)
        await post(s, f"heard:{playlist.id}:{uuid4().hex}", person, messages.text(said))


async def _file_of(services: Services, track: Track) -> bytes | None:
    """Fetch the file that was sent; None where Telegram does not give it (any more). Raises TelegramError."""
    try:
        file = await services.bot.get_file(track.file_id or "")
        return bytes(await file.download_as_bytearray())
    except (BadRequest, RuntimeError):
        return None


async def _preview_of(previews: DeezerSource, track: Track) -> bytes | None:
    """Fetch the public preview of a track; None where there is none. Raises ServiceFailed."""
    return await previews.preview(track.link) if track.link else None
