"""Let the person say the mood, without a selfie or a voice note (/mood)."""

from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from bot.usecases.checkins import tell
from domain import EMOTIONS


async def mood(context: UpdateContext) -> None:
    """Offer the moods as buttons."""
    await context.say(context.words.mood_question, keyboards.mood_choice(context.words))


async def told(context: UpdateContext, press: Press) -> None:
    """Open a check-in on the person's own word; *Match* and *Regulate* go on from there."""
    emotion = next((e for e in EMOTIONS if press.arguments == (e.value,)), None)
    if emotion is None:
        await context.toast(context.words.too_old)
        return
    await context.toast()
    async with context.unit_of_work() as work:
        await tell(work, emotion)
