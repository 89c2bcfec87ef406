"""Show a person that something is being read: by a reaction, an action, and a draft where it takes longer.

Ornaments: they are not recorded, and their failing is no error.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import ReactionTypeEmoji
from telegram.constants import ChatAction, ReactionEmoji
from telegram.error import TelegramError

from bot.tasks.background import running
from bot.ui import chat_actions
from bot.updates.context import UpdateContext

_MOMENT_S = 1.0
_EVERY_S = 4.0  # Telegram shows a draft for thirty seconds, in which the queue moves on
_PATIENCE_S = 0.5  # for a reaction that is on its way when everything is done


@asynccontextmanager
async def shown(context: UpdateContext, text: Callable[[], str], action: ChatAction) -> AsyncIterator[None]:
    """Show inside that the work is under way, with `text()` as it then is in the draft."""
    noticed = asyncio.create_task(_notice(context))
    at_it = chat_actions.showing(context.services.bot, context.person.chat_id, action, after_s=0)
    try:
        async with at_it, running(_draft(context, text)):
            yield
    finally:
        await asyncio.wait({noticed}, timeout=_PATIENCE_S)
        noticed.cancel()
        await asyncio.gather(noticed, return_exceptions=True)


async def _notice(context: UpdateContext) -> None:
    message = context.update.message
    if message:
        with contextlib.suppress(TelegramError):
            await message.set_reaction(ReactionTypeEmoji(ReactionEmoji.EYES))


async def _draft(context: UpdateContext, text: Callable[[], str]) -> None:
    await asyncio.sleep(_MOMENT_S)
    with contextlib.suppress(TelegramError):
        while True:
            await context.services.bot.send_message_draft(context.person.chat_id, context.update_id, text())
            await asyncio.sleep(_EVERY_S)
