"""Take what is sent to be read: acknowledge it at once, read it, and put it into the check-in."""

from dataclasses import replace

from telegram import Audio, Document, Message

from bot.delivery import messages
from bot.handlers import start
from bot.logs import get_logger
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates import medium_reader
from bot.updates.context import Refused, Unread, UpdateContext
from bot.updates.media import Medium, medium_of
from bot.usecases import checkins
from bot.usecases.checkins import NewParts, Situation
from inference import Unreadable
from inference.pool import QueuePosition

log = get_logger(__name__)


async def received(context: UpdateContext) -> None:
    """Read whatever can be read; a further photo of an album is one more look at the face, without a word."""
    sent = medium_of(context.message)
    assert sent is not None
    met = await _situation(context, sent)
    if met.of_origin is None:
        await _read(context, sent, met)
    elif met.of_origin.state == "open":
        await _look_again(context, sent, met)


async def ask_whose(context: UpdateContext) -> None:
    """Ask whose a forwarded medium is before it is fetched: it may show somebody who has not agreed."""
    sent, words = medium_of(context.message), context.words
    assert sent is not None
    asked = messages.text(words.whose_question, keyboards.whose(words), reply_to=context.message.message_id)
    async with context.unit_of_work() as work:
        await work.post(context.key("whose", sent.origin), asked)


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


async def sentence(context: UpdateContext) -> None:
    """Let what is typed join the check-in that waits for its other half; at any other time it is nothing to read.

    Nor is what was forwarded: those are not the person's own words.
    """
    services, person, typed = context.services, context.person, context.message.text or ""
    own = context.consented and not context.message.forward_origin
    if not (own and await checkins.waiting(services, person.id, context.moment)):
        await start.unknown(context)
        return
    try:
        part = await services.pool.read("text", typed.encode())
    except Unreadable as problem:
        raise Unread(context.words.unreadable(problem.code)) from problem
    async with context.unit_of_work() as work:
        joined = await checkins.join(work, services, NewParts({"text": part}))
        if joined.half is None:  # what the sentence was to join has become a reading meanwhile
            raise Refused(context.words.unknown)
        await checkins.say_taken(work, joined)
        await checkins.answer_if_complete(work, services, joined)


async def _read(context: UpdateContext, sent: Medium, met: Situation) -> None:
    """Acknowledge, read, and join the check-in."""
    words, position = context.words, QueuePosition(context.services.pool)
    said = _acknowledgement(context, words.received(sent.kind, position.ahead))
    async with context.acknowledged(said, sent.origin, keyboards.try_again(words)) as acknowledgement:
        found = await medium_reader.read(context, sent, position, heard=met.heard)
        note = " ".join(words.unreadable(code) for code in found.missing.values())
        log.info("read", kind=sent.kind, parts="+".join(found.parts))
        async with context.unit_of_work() as work:
            new = NewParts(found.parts, sent.origin)
            joined = await checkins.join(work, context.services, new)
            await checkins.say_taken(work, joined, note, in_place_of=acknowledgement)
            await checkins.answer_if_complete(work, context.services, joined)


async def _look_again(context: UpdateContext, sent: Medium, met: Situation) -> None:
    """Pool another photo of an album with the looks that its check-in has, without a word about it."""
    position = QueuePosition(context.services.pool)
    try:
        found = await medium_reader.look(context, sent, position, heard=met.heard)
    except Unreadable:  # the others of the album are there
        return
    async with context.unit_of_work() as work:
        new = NewParts(found.parts, sent.origin)
        joined = await checkins.join(work, context.services, new)
        await checkins.answer_if_complete(work, context.services, joined)


async def _situation(context: UpdateContext, sent: Medium) -> Situation:
    return await checkins.situation(context.services, context.person.id, sent.origin, context.moment)


def _acknowledgement(context: UpdateContext, html: str) -> messages.Message:
    """Say at once that it is there, how many come before it, and how to stop it."""
    keyboard = keyboards.stop(context.words, context.update_id)
    if context.update.message:
        return messages.text(html, keyboard, reply_to=context.message.message_id)
    pressed = context.query.message
    assert pressed is not None
    return messages.new_text(pressed.message_id, html, keyboard)
