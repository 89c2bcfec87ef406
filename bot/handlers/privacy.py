"""/privacy, /export and /delete_me: they need no consent."""

from bot.delivery import messages
from bot.jobs.retention import erase_traces
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Turn
from storage import outbox, people


async def privacy(turn: Turn) -> None:
    """What is read, kept, and never kept; by whom, and for how long."""
    settings, services = turn.services.settings, sorted(turn.services.links.services)
    lookups = [lookup.provider.name for lookup in turn.services.lookups]
    html = turn.words.privacy(settings.retention_days, services, lookups, settings.operator)
    await turn.say(html, keyboards.privacy(turn.words) if turn.consented else None)


async def export(turn: Turn) -> None:
    """Everything stored about the person, as a file."""
    async with turn.ending() as end:
        await end.say(messages.export(turn.person.id, turn.words.exported))


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
        key, chat_id, arguments = f"{turn.update_id}:1", turn.person.chat_id, message.arguments
        await outbox.add(end.session, key, chat_id, message.method, arguments, update_id=turn.update_id)
    await erase_traces(turn.services.db)
