"""What is sent to be read: acknowledged at once, read in the pool, put into the check-in."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from telegram import Audio, Document, Message
from telegram.constants import ChatAction

from bot.delivery import messages
from bot.handlers import checkins, start
from bot.tasks.cancellation import Stopped
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates import progress
from bot.updates.context import Refused, Turn
from bot.updates.media import Kind, Medium, medium_of
from domain.readings import Modality
from inference import ModalityReading, Unreadable, worker
from inference.errors import Code
from inference.pool import QueuePosition
from inference.video import VideoReading
from storage.checkins import Checkin, of_origin

log = logging.getLogger(__name__)

# What stands above the chat meanwhile: what is looked at or listened to.
_ACTIONS: Mapping[Kind, ChatAction] = {
    "face": ChatAction.TYPING,
    "voice": ChatAction.RECORD_VOICE,
    "video": ChatAction.RECORD_VIDEO,
    "live": ChatAction.RECORD_VIDEO,
}


async def received(turn: Turn) -> None:
    """Anything that can be read. What was forwarded may show somebody else, so that is asked first."""
    sent = medium_of(turn.message)
    assert sent is not None
    if turn.message.forward_origin:
        keyboard = keyboards.whose(turn.words)
        asked = messages.text(turn.words.whose, keyboard, reply_to=turn.message.message_id)
        async with turn.ending() as end:
            await turn.record(end.session, turn.key("whose", sent.origin), asked)
        return
    known = await _known(turn, sent)
    if known is None:
        await read(turn, sent)
    elif known.state == "open":
        await _further_look(turn, sent)


async def sentence(turn: Turn) -> None:
    """What is typed joins the check-in that waits for its other half; at any other time it is nothing to read.

    Nor is what was forwarded: those are not the person's own words.
    """
    own = turn.consented and not turn.message.forward_origin
    half = await checkins.waiting(turn) if own else None
    if half is None:
        await start.unknown(turn)
        return
    try:
        part = await turn.services.pool.read("text", (turn.message.text or "").encode())
    except Unreadable as problem:
        raise await _refusal(turn, turn.words.unreadable(problem.code)) from problem
    await checkins.join(turn, {"text": part})


async def whose(turn: Turn, press: Press) -> None:
    """The answer to whose forwarded medium it is."""
    if press.arguments == ("mine",):
        await again(turn, press)
        return
    await turn.toast()
    async with turn.ending() as end:
        if turn.query.message:
            await end.say(messages.new_text(turn.query.message.message_id, turn.words.not_mine))


async def again(turn: Turn, _: Press) -> None:
    """Read the medium that the button's message answers, once."""
    message = turn.query.message
    answered = message.reply_to_message if isinstance(message, Message) else None
    sent = medium_of(answered) if answered else None
    if answered is None or sent is None:
        await turn.toast(turn.words.too_old)
        return
    sent = replace(sent, origin=sent.origin or f"message:{answered.message_id}")
    if await _known(turn, sent):
        await turn.toast(turn.words.read_already)
        return
    await turn.toast()
    await read(turn, sent)


async def stop(turn: Turn, press: Press) -> None:
    """The button under what is being read."""
    stopped = turn.services.stops.stop(turn.person.id, press.number() or 0)
    await turn.toast("" if stopped else turn.words.too_late)


async def read_modality(turn: Turn, modality: Modality, media: Audio | Document) -> None:
    """A sound that was sent as music or as a file is a voice."""
    assert modality == "voice"
    await read(turn, Medium(modality, media.file_id, media.file_size or 0))


async def read(turn: Turn, sent: Medium) -> None:
    """Acknowledge, read, and join the check-in."""
    position = QueuePosition(turn.services.pool)
    await _acknowledge(turn, sent, position)
    parts, missing = await _read(turn, sent, position)
    note = " ".join(turn.words.unreadable(code) for code in missing.values())
    log.info("event=read kind=%s parts=%s", sent.kind, "+".join(parts))
    await checkins.join(turn, parts, sent.origin, note)


async def _further_look(turn: Turn, sent: Medium) -> None:
    """Another of an album: one more look at the face while the check-in is open, and no word about it."""
    try:
        video = await _in_pool(turn, sent, QueuePosition(turn.services.pool))
    except Unreadable:  # the others of the album are there
        return
    await checkins.join(turn, video.parts, sent.origin, quiet=True)


async def _known(turn: Turn, sent: Medium) -> Checkin | None:
    """The check-in that has something of the same album, or this very medium already."""
    if sent.origin is None:
        return None
    async with turn.services.db.read() as s:
        return await of_origin(s, turn.person.id, sent.origin)


async def _acknowledge(turn: Turn, sent: Medium, position: QueuePosition) -> None:
    """Say at once that it is there, how many come before it, and how to stop it."""
    html = turn.words.received(sent.kind, position.ahead)
    keyboard = keyboards.stop(turn.words, turn.update_id)
    turn.retry = keyboards.again(turn.words)
    if turn.update.message:
        said = messages.text(html, keyboard, reply_to=turn.message.message_id)
        await turn.acknowledge_by(said, sent.origin)
    elif turn.query.message:
        await turn.acknowledge_by(messages.new_text(turn.query.message.message_id, html, keyboard))


async def _read(
    turn: Turn, sent: Medium, position: QueuePosition
) -> tuple[checkins.Parts, Mapping[Modality, Code]]:
    """What the medium says, and why parts of it say nothing; raises Refused."""
    stops = turn.services.stops
    shown = progress.shown(turn, lambda: turn.words.received(sent.kind, position.ahead), _ACTIONS[sent.kind])
    try:
        async with shown:
            work = _in_pool(turn, sent, position)
            video = await stops.unless_stopped(turn.person.id, turn.update_id, work, lambda: position.started)
    except Stopped:
        raise Refused(turn.words.stopped) from None
    except Unreadable as problem:
        heic = sent.heic and problem.code is Code.NOT_AN_IMAGE
        why = turn.words.heic if heic else turn.words.unreadable(problem.code)
        raise await _refusal(turn, why) from problem
    return video.parts, video.missing


async def _in_pool(turn: Turn, sent: Medium, position: QueuePosition) -> VideoReading:
    data, pool = await turn.download(sent.file_id, sent.size), turn.services.pool
    if sent.kind == "video":
        return await pool.run(worker.read_video, data, sent.seconds, position=position)
    if sent.kind == "live":
        still = await turn.download(sent.still.file_id, sent.still.size) if sent.still else b""
        return await _live(
            turn, await pool.run(worker.read_video, data, sent.seconds, still, position=position)
        )
    part: ModalityReading = await pool.read(sent.kind, data, position)
    return VideoReading({sent.kind: part})


async def _live(turn: Turn, video: VideoReading) -> VideoReading:
    """What a live photo says: whoever takes one need not speak, nor want its sound instead of a voice note."""
    half = await checkins.waiting(turn)
    heard = half is not None and half.voice is not None
    parts = {m: part for m, part in video.parts.items() if m != "voice" or not heard}
    if not parts:
        raise Unreadable(video.missing["face"])
    return VideoReading(parts, {m: code for m, code in video.missing.items() if m != "voice"})


async def _refusal(turn: Turn, why: str) -> Refused:
    """Why something was not read, and what was read earlier and still waits."""
    half = await checkins.waiting(turn)
    if half is None:
        return Refused(why)
    waits = turn.words.still_waiting["face" if half.face else "voice"]
    return Refused(f"{why} {waits}", keyboards.half_checkin(turn.words, half.id))
