"""The line above a chat that says what the bot is doing: "typing", "sending a photo".

It is an ornament: it is not recorded, and its failing is no error.
"""

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.tasks.background import running

_MOMENT_S = 0.3  # what is done by then needs no announcing
_EVERY_S = 4.0  # Telegram shows an action for five seconds, or until the next message


def showing(
    bot: Bot, chat_id: int, action: ChatAction, after_s: float = _MOMENT_S
) -> AbstractAsyncContextManager[None]:
    """Show an action for as long as the block lasts, from `after_s` seconds on."""
    return running(_show(bot, chat_id, action, after_s))


def typing(bot: Bot, chat_id: int) -> AbstractAsyncContextManager[None]:
    """Show "typing" for as long as the block lasts, if it lasts longer than a moment."""
    return showing(bot, chat_id, ChatAction.TYPING)


async def _show(bot: Bot, chat_id: int, action: ChatAction, after_s: float) -> None:
    await asyncio.sleep(after_s)
    with contextlib.suppress(TelegramError):
        while True:
            await bot.send_chat_action(chat_id, action)
            await asyncio.sleep(_EVERY_S)
