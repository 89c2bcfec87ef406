"""Ask Telegram for updates again and again."""

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, CallbackContext

from bot.logs import get_logger, hashed
from bot.tasks.stop import CannotStart, Stop
from bot.ui.words import LANGUAGES
from bot.updates.per_chat_order import PerChatProcessor

log = get_logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY]
_START_TRIES = 3
_NEWCOMER_S = 60.0  # a bot that has polled for so long was there first


@asynccontextmanager
async def connected(application: App) -> AsyncIterator[None]:
    """Let the bot send inside, and tell Telegram its commands; raises CannotStart."""
    with _reasons():
        await application.initialize()
    try:
        with _reasons():
            await _introduce(application)
        yield
    finally:
        await application.shutdown()


@asynccontextmanager
async def polling(application: App, stop: "Stop") -> AsyncIterator[None]:
    """Receive and handle updates inside; at the end, finish those under way. Raises CannotStart."""
    updater = application.updater
    assert updater is not None
    await application.start()
    try:
        with _reasons():
            await updater.start_polling(
                allowed_updates=ALLOWED,
                drop_pending_updates=False,
                bootstrap_retries=_START_TRIES,
                error_callback=PollingErrors(stop),
            )
        yield
    finally:
        if updater.running:
            await updater.stop()
        if isinstance(application.update_processor, PerChatProcessor):
            application.update_processor.hurry()
        await application.stop()


class PollingErrors:
    """Take the errors of polling: log them, and give up where another bot was there first.

    Telegram tells both of two bots with one token that the other one polls. The newcomer leaves; whoever has polled for
    a while goes on, and python-telegram-bot asks again after a wait that grows.
    """

    def __init__(self, stop: Stop, newcomer_s: float = _NEWCOMER_S) -> None:
        self._stop, self._settled_at = stop, time.monotonic() + newcomer_s

    def __call__(self, error: TelegramError) -> None:
        """Take one error."""
        log.warning("polling_failed", error=type(error).__name__)
        if not isinstance(error, Conflict):
            return
        if time.monotonic() < self._settled_at:
            self._stop.because("Another bot polls with this TELEGRAM_BOT_TOKEN, so this one stopped.")
        else:
            log.error("another_bot", note="it polls with this TELEGRAM_BOT_TOKEN")


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Turn errors of Telegram into CannotStart, which says why it cannot be talked to."""
    try:
        yield
    except InvalidToken as error:
        raise CannotStart("TELEGRAM_BOT_TOKEN is not accepted: check it with @BotFather.") from error
    except TelegramError as error:
        kind = type(error).__name__
        raise CannotStart(f"TELEGRAM_API_URL does not answer as Telegram does ({kind}).") from error


async def _introduce(application: App) -> None:
    """Tell commands and descriptions, in every language there are words for."""
    bot = application.bot
    for code, words in LANGUAGES.items():
        language = None if code == "en" else code  # English is what everybody else sees
        commands = [BotCommand(c.name, c.what) for c in words.commands]
        await bot.set_my_commands(commands, language_code=language)
        await bot.set_my_description(words.description, language_code=language)
        await bot.set_my_short_description(words.short_description, language_code=language)


async def log_error(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Log what escaped a handler: its kind and the chat's stand-in, never its contents."""
    chat = update.effective_chat if isinstance(update, Update) else None
    log.error("unhandled", chat=hashed(chat.id if chat else None), error=type(context.error).__name__)
