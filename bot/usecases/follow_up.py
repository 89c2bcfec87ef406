"""Do what has to happen once an update has taken effect; this is the one place that knows."""

from collections.abc import Set

from bot.delivery.unit_of_work import Event
from bot.services import Services
from bot.ui.words import Words
from bot.usecases import recommend
from storage.people import Person


async def follow_up(services: Services, person: Person, words: Words, events: Set[Event]) -> None:
    """Wake what works on new tracks, and send the tracks that the person waits for. Raises PoolError."""
    if Event.PLAYLISTS_CHANGED in events:
        await services.new_tracks.announce()
    if events:
        await recommend.fulfil(services, person, words)
