"""Show the last moods in one picture (/history)."""

from bot.delivery import messages
from bot.ui import pictures
from bot.ui.cards.history import MAX_MOMENTS
from bot.updates.context import UpdateContext
from bot.usecases.personal_state import emotions_of, personal_state
from storage import checkins


async def history(context: UpdateContext) -> None:
    """Draw the moods that were read or told; what was corrected stands as the person said it."""
    async with context.services.db.read() as s:
        moods = await checkins.history(s, context.person.id, MAX_MOMENTS)
    if not moods:
        await context.say(context.words.no_history)
        return
    shown = ((checkin, personal_state(checkin).affect, emotions_of(checkin)) for checkin in moods)
    picture = pictures.history_card(shown, context.words)
    async with context.unit_of_work() as work:
        await work.say(messages.card(picture, context.words.history_caption))
