"""What providers say of tracks, kept: each estimate, what is believed by all of them, and how far a long list is."""

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot import library, messages
from bot.turn import Services
from bot.words import words_for
from storage import estimates, outbox, people, playlists
from storage.estimates import Said
from storage.playlists import Playlist

SOUND = "sound"  # the provider that listens
PERSON = "person"  # the one who was asked how a track sounds
_LONG = 50  # tracks that wait: then the chat is told how far it is
_STEPS = 10  # how often at most that is said anew, for each provider


async def keep(s: AsyncSession, provider: str, said: Mapping[int, Said]) -> None:
    """Keep what a provider said of tracks, by their ids, and what is believed of them now."""
    await estimates.keep(s, provider, said)
    known = await estimates.known(s, said.keys())
    await estimates.believe(s, {track.id: library.believed(track, moods) for track, moods in known})


async def tell_progress(services: Services, s: AsyncSession, lists: Collection[tuple[int, int]]) -> None:
    """Say of long lists (person and list) how far each provider is: in one message each, which changes from then on.

    Keys of messages say what was said before, so this goes on where it was after a restart.
    """
    for person_id, playlist_id in lists:
        playlist = await playlists.get(s, person_id, playlist_id)
        if playlist:
            await _tell(s, playlist, await _done(services, s, playlist_id))


async def _done(services: Services, s: AsyncSession, playlist_id: int) -> dict[str, int]:
    """How many tracks each provider that is on was asked about; the ear only where it has begun."""
    counted = await estimates.counts(s, playlist_id)
    asked = {lookup.provider.name: counted.get(lookup.provider.id, 0) for lookup in services.lookups}
    return asked | ({SOUND: counted[SOUND]} if SOUND in counted else {})


async def _tell(s: AsyncSession, playlist: Playlist, done: Mapping[str, int]) -> None:
    person, total = await people.get(s, playlist.person_id), playlist.track_count
    if person is None or not done:
        return
    said = words_for(person.language_code).progress(playlist.name, total, done)
    first, message = f"progress:{playlist.id}", messages.text(said)
    steps = "-".join(str(_STEPS * count // max(total, 1)) for count in done.values())
    if await outbox.find(s, first):
        key, message = f"{first}:{steps}", messages.new_text(first, said)
    elif total - min(done.values()) >= _LONG:
        key = first
    else:
        return
    await outbox.add(s, key, person.chat_id, message.method, message.arguments, person.id)
