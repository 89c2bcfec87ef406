"""A selfie, a voice note, and the reading of both."""

from datetime import timedelta
from typing import Any

from telegram import Audio, Document, PhotoSize, Voice
from telegram.constants import ChatAction, ReactionEmoji

from bot import keyboards, messages, reading_card
from bot.handlers import tracks
from bot.keyboards import Press
from bot.turn import Ending, Refused, Turn
from inference import ModalityReading, Reading, Unreadable, fuse
from inference.readings import Modality
from storage import checkins
from storage.checkins import Checkin

Media = PhotoSize | Document | Voice | Audio


async def selfie(turn: Turn) -> None:
    """A photo, or a picture sent as a file."""
    media = turn.message.photo[-1] if turn.message.photo else turn.message.document
    assert media is not None
    await read_modality(turn, "face", media)


async def voice(turn: Turn) -> None:
    """A voice note."""
    assert turn.message.voice is not None
    await read_modality(turn, "voice", turn.message.voice)


async def cancel(turn: Turn) -> None:
    """Drop the open check-in."""
    async with turn.ending() as end:
        dropped = await checkins.cancel_open(end.session, turn.person.id)
        await end.say(messages.text(turn.words.cancelled if dropped else turn.words.nothing_open))


async def read_modality(turn: Turn, modality: Modality, media: Media) -> None:
    """Acknowledge, read, and join the check-in; with both there, answer with the reading."""
    acknowledgement = await turn.acknowledge(turn.words.got[modality])
    if turn.update.message:
        await turn.react(ReactionEmoji.EYES)
        await turn.message.reply_chat_action(ChatAction.TYPING)
    try:
        part = await turn.services.pool.read(modality, await turn.download(media.file_id, media.file_size))
    except Unreadable as problem:
        raise Refused(turn.words.unreadable(problem.code)) from problem
    await join(turn, modality, part, acknowledgement)


async def join(turn: Turn, modality: Modality, part: ModalityReading, acknowledgement: str) -> None:
    """Put what was read into the open check-in, or a new one."""
    async with turn.ending() as end:
        checkin, replaced = await _put(end, modality, part)
        if checkin.face and checkin.voice:
            await end.say(messages.new_text(acknowledgement, turn.words.done[modality]))
            await answer(end, checkin)
        else:
            said = [turn.words.replaced[modality]] if replaced else []
            said.append(turn.words.asks_other[modality])
            keyboard = keyboards.half_checkin(turn.words, checkin.id)
            await end.say(messages.new_text(acknowledgement, " ".join(said), keyboard))
    await tracks.fulfil(turn.services, turn.person, turn.words)


async def _put(end: Ending, modality: Modality, part: ModalityReading) -> tuple[Checkin, bool]:
    """The check-in with the part in it, and whether an earlier one had to go."""
    turn, now = end.turn, end.turn.moment
    within = timedelta(minutes=turn.services.settings.checkin_minutes)
    checkin = await checkins.open_for(end.session, turn.person.id, now, within)
    checkin = checkin or await checkins.start(end.session, turn.person.id, now)
    replaced = (checkin.face if modality == "face" else checkin.voice) is not None
    await checkins.set_modality(end.session, checkin.id, modality, part.as_dict(), turn.update_id, now)
    joined = await checkins.get(end.session, checkin.id)
    assert joined is not None
    return joined, replaced


async def read_now(turn: Turn, press: Press) -> None:
    """The button under half a check-in."""
    async with turn.ending() as end:
        # Looked up inside, since the other half may arrive at the same moment.
        checkin = await checkins.get(end.session, press.number() or 0)
        mine = checkin is not None and checkin.person_id == turn.person.id and checkin.state != "cancelled"
        if checkin and mine and checkin.state == "open":
            await answer(end, checkin)
    await turn.toast("" if mine else turn.words.too_old)
    await tracks.fulfil(turn.services, turn.person, turn.words)


async def answer(end: Ending, checkin: Checkin) -> None:
    """Fuse, store, and say the reading; tracks follow at once when the person set it so."""
    turn = end.turn
    reading = fused(turn, checkin)
    await checkins.set_reading(end.session, checkin.id, reading.as_dict(), turn.moment)
    picture = reading_card.of(reading, turn.words)
    await end.say(
        messages.card(picture, turn.words.reading(reading), keyboards.reading(turn.words, checkin.id))
    )
    if turn.person.mode != "ask":
        await tracks.wish(end, checkin.id, turn.person.mode)


def fused(turn: Turn, checkin: Checkin) -> Reading:
    """The reading of what the check-in has; raises ValueError when that is nothing."""
    return fuse(_part(checkin.face), _part(checkin.voice), turn.services.rules)


def _part(values: dict[str, Any] | None) -> ModalityReading | None:
    return ModalityReading.from_dict(values) if values else None
