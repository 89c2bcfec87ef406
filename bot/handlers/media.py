"""Read what is sent: acknowledge it at once, read it in the pool, put it into the check-in."""

from collections.abc import Mapping
from dataclasses import replace

from telegram import Audio, Document, Message
from telegram.constants import ChatAction

from bot.delivery import messages
from bot.delivery.unit_of_work import UnitOfWork
from bot.handlers import start
from bot.logs import get_logger
from bot.tasks.cancellation import Stopped
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.ui.words import Words
from bot.updates import progress
from bot.updates.context import Refused, UpdateContext
from bot.updates.media import Kind, Medium, medium_of
from bot.usecases.checkins import Joined, NewParts, Situation, answer, join, situation, waiting
from inference import ModalityReading, Unreadable, worker
from inference.errors import Code
from inference.pool import QueuePosition
from inference.video import VideoReading
from storage.checkins import Checkin

log = get_logger(__name__)

# What stands above the chat meanwhile: what is looked at or listened to.
_ACTIONS: Mapping[Kind, ChatAction] = {
    "face": ChatAction.TYPING,
    "voice": ChatAction.RECORD_VOICE,
    "video": ChatAction.RECORD_VIDEO,
    "live": ChatAction.RECORD_VIDEO,
}


async def received(context: UpdateContext) -> None:
    """Read whatever can be read. What was forwarded may show somebody else, so that is asked first."""
    sent = medium_of(context.message)
    assert sent is not None
    if context.message.forward_origin:
        keyboard = keyboards.whose(context.words)
        asked = messages.text(context.words.whose_question, keyboard, reply_to=context.message.message_id)
        async with context.unit_of_work() as work:
            await work.post(context.key("whose", sent.origin), asked)
        return
    met = await _situation(context, sent)
    if met.of_origin is None:
        await _read(context, sent, met)
    elif met.of_origin.state == "open":
        await _further_look(context, sent, met)


async def sentence(context: UpdateContext) -> None:
    """Let what is typed join the check-in that waits for its other half; at any other time it is nothing to read.

    Nor is what was forwarded: those are not the person's own words.
    """
    own = context.consented and not context.message.forward_origin
    half = await _waiting(context) if own else None
    if half is None:
        await start.unknown(context)
        return
    try:
        part = await context.services.pool.read("text", (context.message.text or "").encode())
    except Unreadable as problem:
        raise await _refusal(context, context.words.unreadable(problem.code)) from problem
    await _join(context, NewParts({"text": part}, context.moment))


async def whose(context: UpdateContext, press: Press) -> None:
    """Take the answer to whose forwarded medium it is."""
    if press.arguments == ("mine",):
        await again(context, press)
        return
    await context.toast()
    async with context.unit_of_work() as work:
        if context.query.message:
            await work.say(messages.new_text(context.query.message.message_id, context.words.left_unread))


async def again(context: UpdateContext, _: Press) -> None:
    """Read the medium that the button's message answers, once."""
    message = context.query.message
    answered = message.reply_to_message if isinstance(message, Message) else None
    sent = medium_of(answered) if answered else None
    if answered is None or sent is None:
        await context.toast(context.words.too_old)
        return
    sent = replace(sent, origin=sent.origin or f"message:{answered.message_id}")
    met = await _situation(context, sent)
    if met.of_origin:
        await context.toast(context.words.read_already)
        return
    await context.toast()
    await _read(context, sent, met)


async def stop(context: UpdateContext, press: Press) -> None:
    """Stop what is being read."""
    stopped = context.services.cancellations.stop(context.person.id, press.number() or 0)
    await context.toast("" if stopped else context.words.too_late)


async def read_voice(context: UpdateContext, media: Audio | Document) -> None:
    """Read a sound that was sent as music or as a file as a voice."""
    sent = Medium("voice", media.file_id, media.file_size or 0)
    await _read(context, sent, await _situation(context, sent))


async def _read(context: UpdateContext, sent: Medium, met: Situation) -> None:
    """Acknowledge, read, and join the check-in."""
    words, position = context.words, QueuePosition(context.services.pool)
    said = _acknowledgement(context, words.received(sent.kind, position.ahead))
    async with context.acknowledged(said, sent.origin, keyboards.try_again(words)) as acknowledgement:
        found = await _unless_stopped(context, sent, position, met)
        note = " ".join(words.unreadable(code) for code in found.missing.values())
        log.info("read", kind=sent.kind, parts="+".join(found.parts))
        new = NewParts(found.parts, context.moment, sent.origin)
        await _join(context, new, note=note, in_place_of=acknowledgement)


async def _further_look(context: UpdateContext, sent: Medium, met: Situation) -> None:
    """Take another of an album as one more look at the face while the check-in is open, without a word about it."""
    try:
        found = await _in_pool(context, sent, QueuePosition(context.services.pool), met)
    except Unreadable:  # the others of the album are there
        return
    async with context.unit_of_work() as work:
        new = NewParts(found.parts, context.moment, sent.origin)
        await _answer_if_complete(context, work, await join(work, context.services, new))


async def _join(
    context: UpdateContext, new: NewParts, *, note: str = "", in_place_of: str | None = None
) -> None:
    """Put what was read into a check-in, and say what was taken and what is still wanted; `note` is said with it."""
    async with context.unit_of_work() as work:
        joined = await join(work, context.services, new)
        html = " ".join(filter(None, [note, *_news(context.words, new, joined)]))
        keyboard = None if joined.complete else keyboards.read_now(context.words, joined.checkin.id)
        said = (
            messages.new_text(in_place_of, html, keyboard) if in_place_of else messages.text(html, keyboard)
        )
        await work.say(said)
        await _answer_if_complete(context, work, joined)


async def _answer_if_complete(context: UpdateContext, work: UnitOfWork, joined: Joined) -> None:
    if joined.complete:
        await answer(work, context.services, joined.checkin, context.moment)


def _news(words: Words, new: NewParts, joined: Joined) -> list[str]:
    """Say what was taken, and what is still wanted. Raises Refused."""
    if joined.complete:
        return [words.parts_read(tuple(new.parts))]
    if joined.half is None:  # what a sentence was to join has become a reading meanwhile
        raise Refused(words.unknown)
    took_text = f"{words.took_text} {words.still_waiting[joined.half]}"
    return [
        *(words.replaced[m] for m in joined.replaced),
        took_text if "text" in new.parts else words.asks_other[joined.half],
    ]


async def _situation(context: UpdateContext, sent: Medium) -> Situation:
    return await situation(context.services, context.person.id, sent.origin, context.moment)


async def _waiting(context: UpdateContext) -> Checkin | None:
    return await waiting(context.services, context.person.id, context.moment)


def _acknowledgement(context: UpdateContext, html: str) -> messages.Message:
    """Say at once that it is there, how many come before it, and how to stop it."""
    keyboard = keyboards.stop(context.words, context.update_id)
    if context.update.message:
        return messages.text(html, keyboard, reply_to=context.message.message_id)
    pressed = context.query.message
    assert pressed is not None
    return messages.new_text(pressed.message_id, html, keyboard)


async def _unless_stopped(
    context: UpdateContext, sent: Medium, position: QueuePosition, met: Situation
) -> VideoReading:
    """Return what the medium says, and why parts of it say nothing; raises Refused."""
    stops, words = context.services.cancellations, context.words
    shown = progress.shown(context, lambda: words.received(sent.kind, position.ahead), _ACTIONS[sent.kind])
    try:
        async with shown:
            work = _in_pool(context, sent, position, met)
            return await stops.unless_stopped(
                context.person.id, context.update_id, work, lambda: position.started
            )
    except Stopped:
        raise Refused(words.stopped) from None
    except Unreadable as problem:
        heic = sent.heic and problem.code is Code.NOT_AN_IMAGE
        raise await _refusal(context, words.no_heic if heic else words.unreadable(problem.code)) from problem


async def _in_pool(
    context: UpdateContext, sent: Medium, position: QueuePosition, met: Situation
) -> VideoReading:
    data, pool = await context.download(sent.file_id, sent.size), context.services.pool
    if sent.kind == "video":
        return await pool.run(worker.read_video, data, sent.seconds, position=position)
    if sent.kind == "live":
        still = await context.download(sent.still.file_id, sent.still.size) if sent.still else b""
        return _live(
            await pool.run(worker.read_video, data, sent.seconds, still, position=position), met.waiting
        )
    part: ModalityReading = await pool.read(sent.kind, data, position)
    return VideoReading({sent.kind: part})


def _live(video: VideoReading, half: Checkin | None) -> VideoReading:
    """Leave out what a live photo need not say: whoever takes one may be silent, or have sent a voice note."""
    heard = half is not None and half.voice is not None
    parts = {m: part for m, part in video.parts.items() if m != "voice" or not heard}
    if not parts:
        raise Unreadable(video.missing["face"])
    return VideoReading(parts, {m: code for m, code in video.missing.items() if m != "voice"})


async def _refusal(context: UpdateContext, why: str) -> Refused:
    """Say why something was not read, and what was read earlier and still waits."""
    half = await _waiting(context)
    if half is None:
        return Refused(why)
    waits = context.words.still_waiting["face" if half.face else "voice"]
    return Refused(f"{why} {waits}", keyboards.read_now(context.words, half.id))
