"""/mode: what follows a reading."""

from typing import get_args

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Turn
from storage import people
from storage.models import Mode


async def mode(turn: Turn) -> None:
    """Set it, or show it with buttons to change it."""
    wanted = _mode(turn.args[0]) if turn.args else None
    if wanted is None:
        said = turn.words.mode_usage if turn.args else turn.words.mode_now(turn.person.mode)
        await turn.say(said, keyboards.modes(turn.words, turn.person.mode))
        return
    async with turn.ending() as end:
        await people.set_mode(end.session, turn.person.id, wanted)
        await end.say(messages.text(turn.words.modes[wanted]))


async def choose(turn: Turn, press: Press) -> None:
    """The buttons of /mode."""
    wanted = _mode("".join(press.arguments))
    if wanted is None:
        await turn.toast(turn.words.too_old)
        return
    await turn.toast()
    async with turn.ending() as end:
        await people.set_mode(end.session, turn.person.id, wanted)
        if turn.query.message:
            html, keyboard = turn.words.modes[wanted], keyboards.modes(turn.words, wanted)
            await end.say(messages.new_text(turn.query.message.message_id, html, keyboard))


def _mode(word: str) -> Mode | None:
    return next((m for m in get_args(Mode) if word.casefold() == m), None)
