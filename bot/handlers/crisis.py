"""Answer words of self-harm, or a call for help, with numbers instead of music."""

from bot.crisis import help_for
from bot.delivery import messages
from bot.updates.context import UpdateContext
from storage import checkins


async def respond(context: UpdateContext) -> None:
    """Say where help is and stop all music.

    What was written is never stored (see bot.updates.inbox), so there is nothing to erase.
    """
    context.services.cancellations.stop_all(context.person.id)
    async with context.unit_of_work() as work:
        await checkins.cancel_open(work.session, context.person.id)
        await checkins.drop_wishes(work.session, context.person.id)
        help_ = help_for(context.person.language_code)
        await work.say(messages.text(context.words.crisis(help_.emergency, help_.line)))
