"""Set what follows a reading (/mode)."""

from typing import get_args

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from storage import people
from storage.models import Mode


async def mode(context: UpdateContext) -> None:
    """Set the mode that is named, or show the present one with buttons to change it."""
    wanted = _mode(context.args[0]) if context.args else None
    if wanted is None:
        said = context.words.mode_usage if context.args else context.words.mode_now(context.person.mode)
        await context.say(said, keyboards.modes(context.words, context.person.mode))
        return
    async with context.unit_of_work() as work:
        await people.set_mode(work.session, context.person.id, wanted)
        await work.say(messages.text(context.words.modes[wanted]))


async def choose(context: UpdateContext, press: Press) -> None:
    """Set the mode of the button that was pressed."""
    wanted = _mode("".join(press.arguments))
    if wanted is None:
        await context.toast(context.words.too_old)
        return
    await context.toast()
    async with context.unit_of_work() as work:
        await people.set_mode(work.session, context.person.id, wanted)
        if context.query.message:
            html, keyboard = context.words.modes[wanted], keyboards.modes(context.words, wanted)
            await work.say(messages.new_text(context.query.message.message_id, html, keyboard))


def _mode(word: str) -> Mode | None:
    return next((m for m in get_args(Mode) if word.casefold() == m), None)
