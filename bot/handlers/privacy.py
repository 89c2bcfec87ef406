"""/privacy and /delete_me."""

import logging

from bot import keyboards, messages
from bot.keyboards import Press
from bot.turn import Turn
from storage import outbox, people

log = logging.getLogger(__name__)


async def privacy(turn: Turn) -> None:
    """What is read, kept, and never kept."""
    await turn.say(turn.words.privacy)


async def delete_me(turn: Turn) -> None:
    """Ask before erasing."""
    await turn.say(turn.words.delete_question, keyboards.delete(turn.words))


async def erase(turn: Turn, press: Press) -> None:
    """Erase everything, or not."""
    await turn.toast()
    if press.arguments != ("yes",):
        await turn.say(turn.words.delete_kept)
        return
    async with turn.ending() as end:
        receipt = await people.delete_everything(end.session, turn.person.id)
        # Recorded without the person: the receipt is the last thing said, and nobody is left whom it would belong to.
        message = messages.text(turn.words.deleted(receipt))
        key, chat_id = f"{turn.update_id}:1", turn.person.chat_id
        await outbox.add(end.session, key, chat_id, message.method, message.arguments)
    try:
        await turn.services.db.erase_traces()
    except (
        TimeoutError
    ):  # somebody reads just now; what is deleted is zeroed, and the next call clears the rest
        log.warning("event=traces_left")
