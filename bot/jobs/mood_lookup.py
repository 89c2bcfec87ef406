"""Look up moods of tracks in the background, at the services that whoever runs the bot has turned on.

What is still to be asked stands in the database, so it goes on after a restart, and what is ready can be used at once.
One task a service: a slow or broken one holds up no other.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

from bot.logs import get_logger
from bot.services import Services
from bot.tasks.background import running, survived
from bot.usecases import mood_estimates
from music.errors import ServiceFailed
from music.lookups import Lookup
from storage import estimates
from storage.estimates import Estimate, PendingEstimate

log = get_logger(__name__)

_EVERY_S = 600.0  # and whenever something new came
_AT_ONCE = 40


@asynccontextmanager
async def run_mood_lookup(services: Services) -> AsyncIterator[None]:
    """Look up, inside, whatever was not looked up yet."""
    async with contextlib.AsyncExitStack() as stack:
        for lookup in services.lookups:
            await stack.enter_async_context(running(_again(services, lookup)))
        yield


async def _again(services: Services, lookup: Lookup) -> None:
    while True:
        seen = services.new_tracks.count
        await survived(_round(services, lookup), "not_looked_up", service=lookup.provider.id)
        if pause := lookup.breaker.open_s:
            await asyncio.sleep(pause)
        else:
            await services.new_tracks.wait(seen, _EVERY_S)


async def _round(services: Services, lookup: Lookup) -> None:
    try:
        await look_up(services, lookup)
    except ServiceFailed as error:
        log.warning("not_looked_up", service=lookup.provider.id, error=type(error).__name__)


async def look_up(services: Services, lookup: Lookup) -> int:
    """Ask a service about every track that it was not asked about, and return how many these were.

    Raises ServiceFailed or SQLAlchemyError: what was answered until then is kept, and the rest is asked later.
    """
    count, seen, below = 0, services.new_tracks.count, None
    while True:
        async with services.db.read() as s:
            batch = await estimates.pending(s, lookup.provider.id, _AT_ONCE, below=below)
        if not batch:
            return count
        await _look_up(services, lookup, batch)
        count += len(batch)
        # Below are those that were not looked at yet, unless something new came, which is above.
        below = batch[-1].stored.id if services.new_tracks.count == seen else None
        seen = services.new_tracks.count


async def _look_up(services: Services, lookup: Lookup, batch: Sequence[PendingEstimate]) -> None:
    keys = {each.stored.id: lookup.provider.key(each.stored.track) for each in batch}
    wanted = {key for key in keys.values() if key is not None}
    async with services.db.read() as s:
        cached = await estimates.recent_by_key(s, lookup.provider.id, wanted)
    nameless = {i: Estimate(None, None) for i, key in keys.items() if key is None}
    await _keep(services, lookup, nameless | {i: cached[key] for i, key in keys.items() if key in cached})
    for part in _parts(sorted(wanted - cached.keys()), lookup.provider.batch):
        moods = await lookup.ask(part)
        said = {key: Estimate(key, moods.get(key)) for key in part}
        await _keep(services, lookup, {i: said[key] for i, key in keys.items() if key in said})
    lists = {(each.person_id, each.playlist_id) for each in batch if keys[each.stored.id] is not None}
    await mood_estimates.tell_progress(services, lists)


async def _keep(services: Services, lookup: Lookup, said: Mapping[int, Estimate]) -> None:
    if said:
        async with services.db.write() as s:
            await mood_estimates.save(s, lookup.provider.id, said)


def _parts(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
