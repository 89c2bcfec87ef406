"""/mode: what follows a reading."""

from typing import get_args

from bot import messages
from bot.turn import Turn
from storage import people
from storage.models import Mode


async def mode(turn: Turn) -> None:
    """Show or set it."""
    wanted: Mode | None = next(
        (m for m in get_args(Mode) if turn.args and turn.args[0].casefold() == m), None
    )
    if wanted is None:
        await turn.say(turn.words.mode_now(turn.person.mode) if not turn.args else turn.words.mode_usage)
        return
    async with turn.ending() as end:
        await people.set_mode(end.session, turn.person.id, wanted)
        await end.say(messages.text(turn.words.modes[wanted]))
