"""Say what is kept, hand it out, and erase it; none of this needs consent."""

from datetime import UTC, datetime

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from bot.usecases.privacy import erase_traces
from storage import outbox, people

_ANSWERED_WITHIN_S = 3600  # s: a question that has scrolled away is no longer the one that a tap means


async def privacy(context: UpdateContext) -> None:
    """Say what is read, kept, and never kept, by whom, and for how long (/privacy)."""
    settings, services = context.services.settings, sorted(context.services.playlist_services.services)
    lookups = [lookup.provider.name for lookup in context.services.lookups]
    html = context.words.privacy(settings.retention_days, services, lookups, settings.operator)
    await context.say(html, keyboards.privacy(context.words) if context.consented else None)


async def export(context: UpdateContext) -> None:
    """Send everything that is stored about the person as a file (/export)."""
    async with context.unit_of_work() as work:
        await work.say(messages.export(context.person.id, context.words.exported))


async def delete_me(context: UpdateContext) -> None:
    """Ask before erasing everything (/delete_me)."""
    await context.say(context.words.delete_question, keyboards.delete(context.words, datetime.now(UTC)))


async def erase(context: UpdateContext, press: Press) -> None:
    """Erase everything about the person, or keep it, as the button says; after an hour it asks again."""
    await context.toast()
    if press.arguments[:1] != ("yes",):
        await context.say(context.words.delete_kept)
        return
    if not _just_asked(press):
        await delete_me(context)
        return
    async with context.unit_of_work() as work:
        receipt = await people.delete_everything(work.session, context.person.id)
        # Recorded without the person: the receipt is the last thing said, and nobody is left whom it would belong to.
        message = messages.text(context.words.deleted(receipt))
        key, chat_id = f"{context.update_id}:1", context.person.chat_id
        arguments, update_id = message.arguments, context.update_id
        await outbox.add(work.session, key, chat_id, message.method, arguments, update_id=update_id)
    await erase_traces(context.services.db)


def _just_asked(press: Press) -> bool:
    """Tell whether the question was asked within the last hour; older buttons do not say when."""
    asked = press.number(1)
    return asked is not None and 0 <= datetime.now(UTC).timestamp() - asked <= _ANSWERED_WITHIN_S
