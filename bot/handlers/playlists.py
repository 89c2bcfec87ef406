"""Playlists: files, audio, and the list of them; links.py has what comes by link."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from telegram import Audio, Document, Message
from telegram.error import TelegramError

from bot.delivery import messages
from bot.handlers import media, playlist_links, recommendations
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Handler, Refused, Turn
from bot.updates.media import playlist_of
from bot.usecases import track_mapping
from domain.tracks import Track
from music.sources import ImportedPlaylist
from music.sources.entries.telegram_audio import track_from_audio
from music.sources.errors import PlaylistError
from storage import checkins, playlists

_PROFILE = "telegram_profile"
_MOST_ON_PROFILE = 1000
_LONGEST_VOICE = 60  # seconds; a longer sound without tags is music


async def playlist(turn: Turn) -> None:
    """/playlist: the list, or what its first word says."""
    word = turn.args[0].casefold() if turn.args else ""
    if not word:
        await _show(turn)
    elif word == "link" and len(turn.args) > 1:
        await playlist_links.link(turn, turn.args[1])
    elif handler := _WORDS.get(word):
        await handler(turn)
    elif "." in word:
        await playlist_links.link(turn, turn.args[0])
    else:
        await turn.say(turn.words.link_usage)


async def document(turn: Turn) -> None:
    """A file that may be a playlist."""
    sent = playlist_of(turn.message) or turn.message.document
    assert sent is not None
    data = await turn.download(sent.file_id, sent.file_size)
    try:
        found = await turn.services.pool.run(track_mapping.prepare_file, sent.file_name or "playlist", data)
    except PlaylistError as problem:
        raise Refused(messages.escaped(str(problem))) from problem
    await playlist_links.store(turn, found, "file", None)


async def audio(turn: Turn) -> None:
    """Music for the playlist, or, while a check-in waits for a voice, a voice sent as a file."""
    sent = turn.message.audio or turn.message.document
    assert sent is not None
    track = _track(sent)
    may_be_voice = not track.artist and not getattr(sent, "title", None) and _seconds(sent) <= _LONGEST_VOICE
    theirs = turn.message.forward_origin  # perhaps somebody else's voice: read only when asked to
    if may_be_voice and not theirs and await _voice_awaited(turn):
        await media.read_modality(turn, "voice", sent)
    else:
        await _add(turn, track, may_be_voice)


async def as_voice(turn: Turn, _: Press) -> None:
    """The sound that this button's message answers is a voice after all, and no music."""
    sent = _answered(turn)
    if sent is None:
        await turn.toast(turn.words.too_old)
        return
    await turn.toast()
    await media.read_modality(turn, "voice", sent)
    async with turn.services.db.write() as s:
        await playlists.remove_file(s, turn.person.id, sent.file_unique_id)


async def use(turn: Turn, press: Press) -> None:
    """Choose the active playlist."""
    await turn.toast()
    async with turn.ending() as end:
        chosen = await playlists.activate(end.session, turn.person.id, press.number() or 0)
        owned = await playlists.list_for(end.session, turn.person.id)
        if chosen and turn.query.message:
            await end.say(messages.new_keyboard(turn.query.message.message_id, keyboards.playlists(owned)))
        name = next((p.name for p in owned if p.active), "")
        said = turn.words.playlist_chosen(name) if chosen else turn.words.playlist_gone
        await end.say(messages.text(said))
    await recommendations.fulfil(turn.services, turn.person, turn.words)


async def drop(turn: Turn, press: Press) -> None:
    """Remove a playlist."""
    await turn.toast()
    async with turn.ending() as end:
        removed = await playlists.remove(end.session, turn.person.id, press.number() or 0)
        owned = await playlists.list_for(end.session, turn.person.id)
        if turn.query.message:
            keyboard = keyboards.playlists(owned) if owned else None
            await end.say(messages.new_keyboard(turn.query.message.message_id, keyboard))
        await end.say(messages.text(turn.words.playlist_removed if removed else turn.words.playlist_gone))


async def use_all(turn: Turn) -> None:
    """/playlist all: choose from all lists at once."""
    async with turn.ending() as end:
        await playlists.activate_all(end.session, turn.person.id)
        owned = await playlists.list_for(end.session, turn.person.id)
        said = turn.words.all_chosen(len(owned)) if owned else turn.words.playlists_none
        await end.say(messages.text(said))
    await recommendations.fulfil(turn.services, turn.person, turn.words)


async def profile(turn: Turn) -> None:
    """/playlist profile: the music that the person shows on their Telegram profile."""
    await turn.acknowledge(turn.words.looking_up)
    sent = {audio.file_unique_id: audio async for audio in _on_profile(turn)}
    if not sent:
        await turn.say(turn.words.no_profile_audio)
        return
    rows = enumerate(map(_track, sent.values()), 1)
    found = ImportedPlaylist.of(turn.words.profile_audio, _PROFILE, rows)
    await playlist_links.keep(turn, found, _PROFILE, "profile")


async def _on_profile(turn: Turn) -> AsyncIterator[Audio]:
    """All of it, page by page; nothing where Telegram shows it to nobody."""
    for offset in range(0, _MOST_ON_PROFILE, 100):
        try:
            page = await turn.services.bot.get_user_profile_audios(turn.person.id, offset, 100)
        except TelegramError:
            return
        for audio in page.audios:
            yield audio
        if len(page.audios) < 100:
            return


_WORDS: Mapping[str, Handler] = {
    "profile": profile,
    "spotify": playlist_links.connect,
    "disconnect": playlist_links.disconnect,
    "refresh": playlist_links.refresh,
    "all": use_all,
}


async def _show(turn: Turn) -> None:
    async with turn.services.db.read() as s:
        owned = await playlists.list_for(s, turn.person.id)
    if owned:
        await turn.say(turn.words.playlists, keyboards.playlists(owned))
    else:
        await turn.say(turn.words.playlists_none)


async def _voice_awaited(turn: Turn) -> bool:
    async with turn.services.db.read() as s:
        waiting = await checkins.peek_open(s, turn.person.id)
    within = timedelta(minutes=turn.services.settings.checkin_minutes)
    return waiting is not None and waiting.voice is None and waiting.touched_at >= turn.moment - within


async def _add(turn: Turn, track: Track, may_be_voice: bool) -> None:
    async with turn.ending() as end:
        stored, new = await playlists.append_track(
            end.session,
            turn.person.id,
            turn.words.unnamed_audio,
            "telegram_audio",
            track_mapping.new_track(track),
        )
        said = turn.words.track_added(track.label, stored.name, stored.track_count, new)
        keyboard = keyboards.other_use(turn.words) if may_be_voice else None
        await end.say(messages.text(said, keyboard, reply_to=turn.message.message_id))
    turn.services.new_tracks.announce()
    await recommendations.fulfil(turn.services, turn.person, turn.words)


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
    """How long it lasts; 0 where Telegram does not say."""
    duration = getattr(sent, "duration", 0)
    return float(duration.total_seconds() if isinstance(duration, timedelta) else duration)


def _answered(turn: Turn) -> Audio | Document | None:
    message = turn.query.message
    answered = message.reply_to_message if isinstance(message, Message) else None
    return (answered.audio or answered.document) if answered else None
