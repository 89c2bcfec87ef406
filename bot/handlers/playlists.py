"""Take playlists as files and audio, and manage them; playlist_links.py has what comes by link."""

from collections.abc import AsyncIterator
from datetime import timedelta

from telegram import Audio, Document, Message
from telegram.error import TelegramError

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates import medium_reader
from bot.updates.context import UpdateContext
from bot.updates.media import Medium, playlist_of
from bot.usecases import playlists as usecase
from bot.usecases.checkins import waiting
from domain.tracks import Track
from music.sources import ImportedPlaylist
from music.sources.entries.telegram_audio import track_from_audio
from storage import playlists

_PROFILE = "telegram_profile"
_MOST_ON_PROFILE = 1000
_LONGEST_VOICE = 60  # seconds; a longer sound without tags is music


async def show(context: UpdateContext) -> None:
    """Show the playlists with buttons to choose and remove them (/playlist)."""
    async with context.services.db.read() as s:
        owned = await playlists.list_for(s, context.person.id)
    if owned:
        await context.say(context.words.playlists, keyboards.playlists(owned))
    else:
        await context.say(context.words.playlists_none)


async def document(context: UpdateContext) -> None:
    """Read a file that may be a playlist."""
    sent = playlist_of(context.message) or context.message.document
    assert sent is not None
    data = await context.download(sent.file_id, sent.file_size)
    found = await usecase.read_file(context.services, sent.file_name or "playlist", data)
    async with context.unit_of_work() as work:
        await usecase.store(work, found, "file", None)


async def audio(context: UpdateContext) -> None:
    """Add music to the playlist, or, while a check-in waits for a voice, read a voice sent as a file."""
    sent = context.message.audio or context.message.document
    assert sent is not None
    track = _track(sent)
    may_be_voice = not track.artist and not getattr(sent, "title", None) and _seconds(sent) <= _LONGEST_VOICE
    theirs = context.message.forward_origin  # perhaps somebody else's voice: read only when asked to
    if may_be_voice and not theirs and await _voice_awaited(context):
        await _read_voice(context, sent)
    else:
        await _add(context, track, may_be_voice)


async def as_voice(context: UpdateContext, _: Press) -> None:
    """Read as a voice, and no longer keep as music, the sound that this button's message answers."""
    sent = _answered(context)
    if sent is None:
        await context.toast(context.words.too_old)
        return
    await context.toast()
    await _read_voice(context, sent)
    async with context.services.db.write() as s:
        await playlists.remove_file(s, context.person.id, sent.file_unique_id)


async def use(context: UpdateContext, press: Press) -> None:
    """Choose tracks from this playlist alone."""
    await context.toast()
    async with context.unit_of_work() as work:
        chosen = await usecase.activate(work, press.number() or 0)
        owned = await playlists.list_for(work.session, context.person.id)
        if chosen and context.query.message:
            await work.say(
                messages.new_keyboard(context.query.message.message_id, keyboards.playlists(owned))
            )
        name = next((p.name for p in owned if p.active), "")
        said = context.words.playlist_chosen(name) if chosen else context.words.playlist_gone
        await work.say(messages.text(said))


async def drop(context: UpdateContext, press: Press) -> None:
    """Remove a playlist."""
    await context.toast()
    async with context.unit_of_work() as work:
        removed = await usecase.remove(work, press.number() or 0)
        owned = await playlists.list_for(work.session, context.person.id)
        if context.query.message:
            keyboard = keyboards.playlists(owned) if owned else None
            await work.say(messages.new_keyboard(context.query.message.message_id, keyboard))
        await work.say(
            messages.text(context.words.playlist_removed if removed else context.words.playlist_gone)
        )


async def use_all(context: UpdateContext) -> None:
    """Choose tracks from all lists at once (/playlist all)."""
    async with context.unit_of_work() as work:
        owned = await usecase.activate_all(work)
        said = context.words.all_chosen(len(owned)) if owned else context.words.playlists_none
        await work.say(messages.text(said))


async def profile(context: UpdateContext) -> None:
    """Keep the music that the person shows on their Telegram profile as a list (/playlist profile)."""
    async with context.acknowledged(messages.text(context.words.looking_up)):
        sent = {audio.file_unique_id: audio async for audio in _on_profile(context)}
        if not sent:
            await context.say(context.words.no_profile_audio)
            return
        rows = enumerate(map(_track, sent.values()), 1)
        found = ImportedPlaylist.of(context.words.profile_audio, _PROFILE, rows)
        at = _PROFILE, "profile"
        await usecase.keep(context.services, context.unit_of_work, context.person.id, found, at)


async def _on_profile(context: UpdateContext) -> AsyncIterator[Audio]:
    """Yield the music of the profile, page by page; nothing where Telegram shows it to nobody."""
    for offset in range(0, _MOST_ON_PROFILE, 100):
        try:
            page = await context.services.bot.get_user_profile_audios(context.person.id, offset, 100)
        except TelegramError:
            return
        for audio in page.audios:
            yield audio
        if len(page.audios) < 100:
            return


async def _read_voice(context: UpdateContext, sent: Audio | Document) -> None:
    voice = Medium("voice", sent.file_id, sent.file_size or 0)
    await medium_reader.take(context, voice, await medium_reader.situation(context, voice))


async def _voice_awaited(context: UpdateContext) -> bool:
    half = await waiting(context.services, context.person.id, context.moment)
    return half is not None and half.voice is None


async def _add(context: UpdateContext, track: Track, may_be_voice: bool) -> None:
    async with context.unit_of_work() as work:
        stored, new = await usecase.append(work, track, context.words.unnamed_audio)
        said = context.words.track_added(track.label, stored.name, stored.track_count, new)
        keyboard = keyboards.read_as_voice(context.words) if may_be_voice else None
        await work.say(messages.text(said, keyboard, reply_to=context.message.message_id))


def _track(sent: Audio | Document) -> Track:
    return track_from_audio(
        file_id=sent.file_id,
        file_unique_id=sent.file_unique_id,
        title=getattr(sent, "title", None),
        performer=getattr(sent, "performer", None),
        file_name=sent.file_name,
        duration_s=round(_seconds(sent)),
    )


def _seconds(sent: Audio | Document) -> float:
    """Return how many seconds a sound lasts; 0 where Telegram does not say."""
    duration = getattr(sent, "duration", 0)
    return float(duration.total_seconds() if isinstance(duration, timedelta) else duration)


def _answered(context: UpdateContext) -> Audio | Document | None:
    message = context.query.message
    answered = message.reply_to_message if isinstance(message, Message) else None
    return (answered.audio or answered.document) if answered else None
