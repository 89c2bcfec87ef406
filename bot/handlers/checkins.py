"""The open check-in: /cancel, and the button that reads what is there."""

from bot.delivery import messages
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from bot.usecases import checkins as usecase
from storage import checkins


async def cancel(context: UpdateContext) -> None:
    """Drop the open check-in."""
    async with context.unit_of_work() as work:
        dropped = await checkins.cancel_open(work.session, context.person.id)
        await work.say(messages.text(context.words.cancelled if dropped else context.words.nothing_open))


async def read_now(context: UpdateContext, press: Press) -> None:
    """Answer with what half a check-in says by itself."""
    async with context.unit_of_work() as work:
        # Looked up inside, since the other half may arrive at the same moment.
        checkin = await checkins.get(work.session, press.number() or 0)
        mine = checkin is not None and checkin.person_id == context.person.id and checkin.state != "cancelled"
        if checkin and mine and checkin.state == "open":
            await usecase.answer(work, context.services, checkin)
    await context.toast("" if mine else context.words.too_old)
