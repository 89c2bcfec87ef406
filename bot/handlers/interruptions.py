"""Send again what may not have arrived, when its person asks for it."""

from bot.delivery import messages
from bot.delivery.interruptions import KEPT
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from storage import outbox


async def send_again(context: UpdateContext, _: Press) -> None:
    """Send the person's messages again of which nobody knows whether they arrived; needs no consent."""
    async with context.unit_of_work() as work:
        found = await outbox.send_again(work.session, context.person.id, KEPT)
        if context.query.message:
            await work.say(messages.new_keyboard(context.query.message.message_id, None))
    await context.toast("" if found else context.words.nothing_to_send_again)
