"""What a person sees while something is read: a reaction, an action, and a draft where it takes longer than a moment.

Ornaments: they are not recorded, and their failing is no error.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import ReactionTypeEmoji
from telegram.constants import ChatAction, ReactionEmoji
from telegram.error import TelegramError

from bot.turn import Turn

_MOMENT_S = 1.0
_EVERY_S = 4.0  # Telegram shows an action for five seconds, and a draft for thirty
_PATIENCE_S = 0.5  # for a reaction that is on its way when everything is done


@asynccontextmanager
async def shown(turn: Turn, text: Callable[[], str]) -> AsyncIterator[None]:
    """Show inside that something is done, and `text()` as it then is."""
    noticed, working = asyncio.create_task(_notice(turn)), asyncio.create_task(_work(turn, text))
    try:
        yield
    finally:
        working.cancel()
        await asyncio.wait({noticed}, timeout=_PATIENCE_S)
        noticed.cancel()
        await asyncio.gather(noticed, working, return_exceptions=True)


async def _notice(turn: Turn) -> None:
    message = turn.update.message
    if message:
        with contextlib.suppress(TelegramError):
            await message.set_reaction(ReactionTypeEmoji(ReactionEmoji.EYES))


async def _work(turn: Turn, text: Callable[[], str]) -> None:
    bot, chat_id = turn.services.bot, turn.person.chat_id
    with contextlib.suppress(TelegramError):
        await bot.send_chat_action(chat_id, ChatAction.TYPING)
        await asyncio.sleep(_MOMENT_S)
        while True:
            await bot.send_message_draft(chat_id, turn.update_id, text())
            await asyncio.sleep(_EVERY_S)
            await bot.send_chat_action(chat_id, ChatAction.TYPING)
