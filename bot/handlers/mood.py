"""/mood: without a selfie or a voice note, the person says it."""

from bot.delivery import messages
from bot.handlers import recommendations
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Turn
from domain import EMOTIONS
from storage import checkins


async def mood(turn: Turn) -> None:
    """Offer the moods as buttons."""
    await turn.say(turn.words.which_mood, keyboards.moods(turn.words))


async def told(turn: Turn, press: Press) -> None:
    """A check-in that rests on the person's own word; Match and Regulate go on from there."""
    emotion = next((e for e in EMOTIONS if press.arguments == (e.value,)), None)
    if emotion is None:
        await turn.toast(turn.words.too_old)
        return
    await turn.toast()
    async with turn.ending() as end:
        checkin = await checkins.tell(end.session, turn.person.id, emotion, turn.moment)
        keyboard = keyboards.after_correction(turn.words, checkin.id)
        await end.say(messages.text(turn.words.mood_told(emotion), keyboard))
        if turn.person.mode != "ask":
            await recommendations.wish(end, checkin.id, turn.person.mode)
    await recommendations.fulfil(turn.services, turn.person, turn.words)
