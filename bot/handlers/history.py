"""/history: the last moods in one picture."""

from bot import messages, pictures
from bot.cards.history import MOST
from bot.handlers.tracks import state_of
from bot.turn import Turn
from storage import checkins


async def history(turn: Turn) -> None:
    """The moods that were read or told; what was corrected stands as the person said it."""
    async with turn.services.db.read() as s:
        moods = await checkins.history(s, turn.person.id, MOST)
    if not moods:
        await turn.say(turn.words.no_history)
        return
    states = ((checkin, state_of(checkin)) for checkin in moods)
    picture = pictures.of_moods(((checkin, state.affect, state.top) for checkin, state in states), turn.words)
    async with turn.ending() as end:
        await end.say(messages.card(picture, turn.words.history_caption))
