"""/history: the last moods in one picture."""

from bot.delivery import messages
from bot.handlers.recommendations import state_of
from bot.ui import pictures
from bot.ui.cards.history import MOST
from bot.updates.context import Turn
from domain import Emotion
from storage import checkins
from storage.checkins import Checkin


async def history(turn: Turn) -> None:
    """The moods that were read or told; what was corrected stands as the person said it."""
    async with turn.services.db.read() as s:
        moods = await checkins.history(s, turn.person.id, MOST)
    if not moods:
        await turn.say(turn.words.no_history)
        return
    shown = ((checkin, state_of(checkin).affect, emotions_of(checkin)) for checkin in moods)
    picture = pictures.of_moods(shown, turn.words)
    async with turn.ending() as end:
        await end.say(messages.card(picture, turn.words.history_caption))


def emotions_of(checkin: Checkin) -> tuple[Emotion, ...]:
    """What the person said, else what was read: two emotions where the reading did not choose."""
    named = checkin.reading.get("candidates") if checkin.reading and not checkin.corrected else None
    return tuple(map(Emotion, named)) if named else (state_of(checkin).top,)  # older readings name none
