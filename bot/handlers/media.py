"""Take what is sent to be read: acknowledge it at once, read it, and put it into the check-in."""

from dataclasses import replace

from telegram import Message

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates import medium_reader
from bot.updates.context import Refused, Unread, UpdateContext
from bot.updates.media import medium_of
from bot.usecases import checkins
from bot.usecases.checkins import NewParts
from inference import Unreadable


async def received(context: UpdateContext) -> None:
    """Read whatever can be read; a further photo of an album is one more look at the face, without a word."""
    sent = medium_of(context.message)
    assert sent is not None
    met = await medium_reader.situation(context, sent)
    if met.of_origin is None:
        await medium_reader.take(context, sent, met)
    elif met.of_origin.state == "open":
        await medium_reader.take_further_look(context, sent, met)


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
    met = await medium_reader.situation(context, sent)
    if met.of_origin:
        await context.toast(context.words.read_already)
        return
    await context.toast()
    await medium_reader.take(context, sent, met)


async def stop(context: UpdateContext, press: Press) -> None:
    """Stop what is being read."""
    stopped = context.services.cancellations.stop(context.person.id, press.number() or 0)
    await context.toast("" if stopped else context.words.too_late)


async def sentence(context: UpdateContext) -> None:
    """Let what is typed join the check-in that waits for its other half; at any other time it is nothing to read.

    Nor is what was forwarded: those are not the person's own words.
    """
    services, person, typed = context.services, context.person, context.message.text or ""
    own = context.consented and not context.message.forward_origin
    if not (own and await checkins.waiting(services, person.id, context.moment)):
        await context.say(context.words.unknown)
        return
    try:
        part = await services.pool.read("text", typed.encode())
    except Unreadable as problem:
        raise Unread(context.words.unreadable(problem.code)) from problem
    try:
        async with context.unit_of_work() as work:
            await checkins.take(work, services, NewParts({"text": part}))
    except checkins.NothingWaits:
        raise Refused(context.words.unknown) from None
