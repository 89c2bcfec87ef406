"""Take the buttons *Match*, *Regulate* and *More*."""

from telegram import CallbackQuery, Message

from bot.ui import keyboards
from bot.ui.presses import Action, Press
from bot.updates.context import UpdateContext
from bot.usecases import recommend
from storage import checkins
from storage.models import Wish


async def ask(context: UpdateContext, press: Press) -> None:
    """Wish for tracks; a button that was pressed twice wishes once."""
    async with context.services.db.read() as s:
        checkin = await checkins.get(s, press.number() or 0)
    if checkin is None or checkin.person_id != context.person.id or not checkin.answered:
        await context.toast(context.words.too_old)
        return
    wanted: Wish = "match" if press.action is Action.MATCH else "regulate"
    await context.toast()
    async with context.unit_of_work() as work:
        await recommend.ask(work, checkin, wanted, _listed(context.query))


def _listed(query: CallbackQuery) -> list[int]:
    """Return the plays whose thumbs stand under the message of the button."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return keyboards.rated_plays(markup) if markup else []
