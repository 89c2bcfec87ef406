"""Keep what providers say of the moods of tracks, and tell how far they are with a long list."""

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import messages
from bot.delivery.messages import Message
from bot.delivery.outbox import post
from bot.services import Services
from bot.ui.words import words_for
from music.moods import mood_of
from storage import estimates, outbox, people, playlists
from storage.estimates import Estimate
from storage.people import Person
from storage.playlists import Playlist

SOUND = "sound"  # the provider that listens
PERSON = "person"  # the one who was asked how a track sounds
_LONG = 50  # tracks that wait: then the chat is told how far it is
_STEPS = 10  # how often at most that is said anew, for each provider


async def save(s: AsyncSession, provider: str, new: Mapping[int, Estimate]) -> None:
    """Store a provider's estimates of tracks, by track id, and the moods of these tracks by all that is known now."""
    await estimates.save(s, provider, new)
    known = await estimates.estimated_moods(s, new.keys())
    await estimates.set_moods(s, {stored.id: mood_of(stored.track, *moods) for stored, moods in known})


async def tell_progress(services: Services, lists: Collection[tuple[int, int]]) -> None:
    """Tell how far each provider is with long lists, in one message each that changes from then on.

    Keys of messages say what was said before, so this goes on where it was after a restart. Counting takes a tenth of
    a second in a list of 100,000, so it is done before anything is written.
    """
    for person_id, playlist_id in lists:
        async with services.db.read() as s:
            playlist, person = await playlists.get(s, person_id, playlist_id), await people.get(s, person_id)
            if playlist is None or person is None:
                continue
            told = await _progress(s, playlist, person, await _done(services, s, playlist_id))
        if told:
            key, message = told
            async with services.db.write() as s:
                await post(s, key, person, message)
    services.sender.wake()


async def _done(services: Services, s: AsyncSession, playlist_id: int) -> dict[str, int]:
    """Count the tracks that each provider was asked about; the sound only where listening has begun."""
    counted = await estimates.counts_by_provider(s, playlist_id)
    asked = {lookup.provider.name: counted.get(lookup.provider.id, 0) for lookup in services.lookups}
    return asked | ({SOUND: counted[SOUND]} if SOUND in counted else {})


async def _progress(
    s: AsyncSession, playlist: Playlist, person: Person, done: Mapping[str, int]
) -> tuple[str, Message] | None:
    """Return what there is to say anew, with its key; None where nothing is."""
    total = playlist.track_count
    words, finished = words_for(person.language_code), all(count >= total for count in done.values())
    said = (
        words.moods_looked_up(playlist.name, total, tuple(done))
        if finished
        else words.looking_up_moods(playlist.name, total, done)
    )
    first = f"progress:{playlist.id}"
    if await outbox.find(s, first):
        steps = "-".join(str(_STEPS * count // max(total, 1)) for count in done.values())
        key = f"{first}:{steps}"
        return None if await outbox.find(s, key) else (key, messages.new_text(first, said))
    waiting = total - min(done.values(), default=total)
    return (first, messages.text(said)) if waiting >= _LONG else None
