"""/privacy and /delete_me."""

from bot import keyboards, messages
from bot.keyboards import Press
from bot.turn import Turn
from storage import inbox, outbox, people


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
    services, chat_id = turn.services, turn.person.chat_id
    async with services.db.write() as s:
        receipt = await people.delete_everything(s, turn.person.id)
        await inbox.done(s, turn.update_id)
        # Recorded without the person: the receipt is the last thing said, and nobody is left whom it would belong to.
        message = messages.text(turn.words.deleted(receipt))
        await outbox.add(s, f"{turn.update_id}:1", chat_id, message.method, message.arguments)
    turn.finished = True
    services.sender.wake()
    await services.db.erase_traces()
