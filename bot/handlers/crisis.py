"""Words of self-harm, or a call for help: numbers instead of music."""

from bot.crisis import help_for
from bot.delivery import messages
from bot.jobs.retention import erase_traces
from bot.updates.context import Turn
from storage import checkins


async def respond(turn: Turn) -> None:
    """Say where help is and let all music go. What was written is not kept, nor that it was."""
    turn.services.stops.stop_all(turn.person.id)
    async with turn.ending() as end:
        await checkins.cancel_open(end.session, turn.person.id)
        await checkins.drop_wishes(end.session, turn.person.id)
        help_ = help_for(turn.person.language_code)
        await end.say(messages.text(turn.words.crisis(help_.emergency, help_.line)))
    await erase_traces(turn.services.db)  # the write-ahead log has the update as it came
