"""Handle one update: what came, what is known about who sent it, and how to answer."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ContextTypes

from bot import logs
from bot.accounts.playlist_services import NoLogin
from bot.crisis import asks_for_help
from bot.delivery import messages
from bot.delivery.outbox import post
from bot.delivery.telegram_request import seconds_of
from bot.delivery.unit_of_work import UnitOfWork
from bot.logs import get_logger, hashed
from bot.services import Services
from bot.settings import Settings
from bot.ui import keyboards
from bot.ui.words import Words, words_for
from bot.updates.media import written
from bot.usecases import checkins
from bot.usecases.follow_up import follow_up
from inference.pool import DeadlineExceeded, PoolBusy, PoolError
from music.sources import PlaylistError
from storage import inbox, outbox, people
from storage.people import Person

log = get_logger(__name__)

MAX_DOWNLOAD = 20 * 2**20  # bytes: what Telegram lets a bot fetch
_PATIENCE_S = 30.0  # for all the waits that Telegram asks for before it gives one file
_TRIES = 3  # an update that kills the process this often is given up


class Refused(Exception):
    """Say that an update cannot be followed: a sentence (HTML) for the person, with buttons to go on where any."""

    def __init__(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        super().__init__(html)
        self.keyboard = keyboard


class FileGone(Refused):
    """Say that Telegram did not give a file; another try may help."""


class TelegramBusy(FileGone):
    """Say that Telegram asks for more patience than a person should have to have before it gives a file."""


class Unread(Refused):
    """Say why something was not read; what was read earlier and still waits is said with it."""


class Forgotten(Exception):
    """Stop an update whose person erased everything meanwhile: nothing may be written any more."""


class Withdrawn(Exception):
    """Stop an update whose person withdrew the consent meanwhile: it must have no effect."""


class Interrupted(Exception):
    """Carry what went wrong after an acknowledgement, so that it can be said in its place.

    `acknowledgement` is the key of the message that was said at once, if any was, and `retry` the buttons for another
    try where only the pool or the network failed. The error itself is the `__cause__`.
    """

    def __init__(self, acknowledgement: str | None, retry: InlineKeyboardMarkup | None) -> None:
        super().__init__()
        self.acknowledgement, self.retry = acknowledgement, retry


@dataclass(slots=True)
class UpdateContext:
    """Hold an update of a person in a private chat; `committed` is the unit of work in which it took effect."""

    update: Update
    services: Services
    person: Person
    consented: bool
    words: Words
    args: list[str] = field(default_factory=list)
    committed: UnitOfWork | None = None

    @property
    def update_id(self) -> int:
        """Return Telegram's number of the update."""
        return self.update.update_id

    @property
    def message(self) -> Message:
        """Return the message; only for updates that are one."""
        assert self.update.message is not None
        return self.update.message

    @property
    def moment(self) -> datetime:
        """Return when the person acted: a message knows its time, however late it is handled; a press is now."""
        return self.update.message.date if self.update.message else datetime.now(UTC)

    @property
    def query(self) -> CallbackQuery:
        """Return the press of a button; only for updates that are one."""
        assert self.update.callback_query is not None
        return self.update.callback_query

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Take effect: everything inside is committed together with the fact that the update was handled.

        No network and no model may be waited for inside. A second time per update is an error. Raises Forgotten or
        Withdrawn.
        """
        assert self.committed is None, "an update takes effect once"
        async with self._transaction() as session:
            work = UnitOfWork(session, self.person, self.words, self.update_id, self.moment)
            yield work
            await inbox.done(session, self.update_id)
        self.committed = work
        self.services.sender.wake()

    async def say(self, html: str, keyboard: Any = None) -> None:
        """Answer with a text and be done."""
        async with self.unit_of_work() as work:
            await work.say(messages.text(html, keyboard))

    def key(self, name: str, origin: str | None = None) -> str:
        """Return the key of an answer to this update, or to all updates that are of one origin."""
        return f"{origin}:{self.person.id}:{name}" if origin else f"{self.update_id}:{name}"

    @asynccontextmanager
    async def acknowledged(
        self, message: messages.Message, origin: str | None = None, retry: InlineKeyboardMarkup | None = None
    ) -> AsyncIterator[str]:
        """Say `message` at once, before the work inside, and yield its key; what fails inside is said in its place.

        Told again after a crash, or for another update of the same `origin`, it is still said once. Errors from inside
        come out as Interrupted, for which `retry` are the buttons for another try.
        """
        key = self.key("ack", origin)
        async with self._transaction() as session:
            await post(session, key, self.person, message, self.update_id)
        self.services.sender.wake()
        try:
            yield key
        except Forgotten:
            raise
        except Exception as error:
            raise Interrupted(key, retry) from error

    async def apologise(
        self, html: str, keyboard: InlineKeyboardMarkup | None = None, acknowledgement: str | None = None
    ) -> None:
        """Say what went wrong, before (in place of the acknowledgement, if any) or after the update took effect."""
        said = messages.text(html, keyboard)
        if self.committed is None:
            async with self.unit_of_work() as work:
                await work.say(
                    messages.new_text(acknowledgement, html, keyboard) if acknowledgement else said
                )
            return
        async with self.services.db.write() as session:
            await post(session, f"{self.update_id}:late", self.person, said, self.update_id)
        self.services.sender.wake()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.services.db.write() as session:
            if not await inbox.waits(session, self.update_id):
                raise Forgotten
            if self.consented and not await people.has_consent(session, self.person.id):
                raise Withdrawn
            yield session

    async def toast(self, text: str = "", alert: bool = False) -> None:
        """Answer the press of a button, so that it stops spinning; too late is not an error."""
        with contextlib.suppress(TelegramError):
            await self.query.answer(text[:200] or None, show_alert=alert)

    async def download(self, file_id: str, size: int | None) -> bytes:
        """Fetch a file of at most `MAX_DOWNLOAD` bytes into memory; raises Refused."""
        if (size or 0) > MAX_DOWNLOAD:
            raise Refused(self.words.file_too_big)
        try:
            file = await _patiently(lambda: self.services.bot.get_file(file_id))
            return bytes(await _patiently(file.download_as_bytearray))
        except RetryAfter as error:
            raise TelegramBusy(self.words.telegram_busy) from error
        except BadRequest as error:
            if "too big" in str(error).casefold():
                raise Refused(self.words.file_too_big) from error
            raise FileGone(self.words.file_gone) from error
        except (TelegramError, RuntimeError) as error:
            raise FileGone(self.words.file_gone) from error


async def _patiently(call: Callable[[], Awaitable[Any]]) -> Any:
    """Call, once more after a second when the network failed, and again when Telegram has asked to wait a while."""
    failed, until = False, time.monotonic() + _PATIENCE_S
    while True:
        try:
            return await call()
        except RetryAfter as wait:
            pause = seconds_of(wait)
            if time.monotonic() + pause > until:
                raise
        except BadRequest:
            raise
        except NetworkError:
            if failed:
                raise
            failed, pause = True, 1.0
        await asyncio.sleep(pause)


Handler = Callable[[UpdateContext], Awaitable[None]]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


def in_context(services: Services, handler: Handler) -> Callback:
    """Make a handler a callback of python-telegram-bot that opens a context and sees to it that an answer is given."""

    async def callback(update: Update, library: ContextTypes.DEFAULT_TYPE) -> None:
        logs.begin(update.update_id)
        context = await _open(services, update, list(library.args or []))
        if context is None:
            return
        try:
            await _run(context, handler)
        except Forgotten:
            return
        except Exception as error:
            with contextlib.suppress(Forgotten):
                await _excuse(context, error)

    return callback


async def _run(context: UpdateContext, handler: Handler) -> None:
    """Handle the update, mark it as handled where the handler changed nothing, and follow up what it changed."""
    await handler(context)
    if context.committed is None:
        async with context.unit_of_work():
            pass
    assert context.committed is not None
    await follow_up(context.services, context.person, context.words, context.committed.events)


async def _open(services: Services, update: Update, args: list[str]) -> UpdateContext | None:
    """Begin the update; None when there is nothing (more) to do with it."""
    user, chat = update.effective_user, update.effective_chat
    async with services.db.write() as s:
        attempt = await inbox.begin(s, update.update_id)
        if attempt == 0 or user is None or chat is None:
            await inbox.done(s, update.update_id)
            return None
        words = words_for(user.language_code)
        asks = asks_for_help(written(update.message))  # which concerns everybody
        private, invited = chat.type == ChatType.PRIVATE, asks or is_invited(services.settings, user)
        if private and invited and attempt <= _TRIES:
            person, consented = await _who(s, user, chat.id)
            return UpdateContext(update, services, person, consented, words, args)
        sentence = words.private_only if not private else words.broken if invited else words.not_invited
        key, arguments = f"{update.update_id}:1", {"text": sentence}
        await outbox.add(s, key, chat.id, "sendMessage", arguments, update_id=update.update_id)
        await inbox.done(s, update.update_id)
    services.sender.wake()
    return None


def is_invited(settings: Settings, user: User) -> bool:
    """Tell whether somebody may use the bot: everybody may where ALLOWED_USERS names nobody."""
    return not settings.allowed_users or user.id in settings.allowed_users


async def _who(s: AsyncSession, user: User, chat_id: int) -> tuple[Person, bool]:
    """Return the person, and whether they agreed to be read; nobody is recorded before."""
    if await people.has_consent(s, user.id):
        return await people.get_or_create(s, user.id, chat_id, user.language_code), True
    return Person(user.id, chat_id, user.language_code, "ask"), False


async def _excuse(context: UpdateContext, error: Exception) -> None:
    """Say what went wrong; nothing is lost and nothing is repeated."""
    acknowledgement, retry = None, None
    if isinstance(error, Interrupted) and isinstance(error.__cause__, Exception):
        acknowledgement, retry, error = error.acknowledgement, error.retry, error.__cause__
    if isinstance(error, PoolError):
        log.warning("not_read", error=type(error).__name__)
    if context.update.callback_query:
        await context.toast()
    if isinstance(error, Withdrawn):
        context = replace(context, consented=False)
    elif not isinstance(error, Refused | PoolError | PlaylistError | NoLogin):
        kind, chat = type(error).__name__, hashed(context.person.chat_id)
        log.error("handler_failed", chat=chat, error=kind, exc_info=error)
    if isinstance(error, Unread):
        error = await _with_what_waits(context, error)
    keyboard = retry if isinstance(error, FileGone | PoolError) else getattr(error, "keyboard", None)
    await context.apologise(_sentence(context.words, error), keyboard, acknowledgement)


async def _with_what_waits(context: UpdateContext, error: Unread) -> Refused:
    half = await checkins.waiting(context.services, context.person.id, context.moment)
    if half is None:
        return error
    waits = context.words.still_waiting["face" if half.face else "voice"]
    return Refused(f"{error} {waits}", keyboards.read_now(context.words, half.id))


def _sentence(words: Words, error: Exception) -> str:
    match error:
        case Refused():
            return str(error)
        case Withdrawn():
            return words.withdrawn_meanwhile
        case PlaylistError(problem=problem):
            return messages.escaped(words.playlist_problem(problem))
        case NoLogin():
            return words.login_first
        case PoolBusy(waiting=waiting):
            return words.busy(waiting)
        case DeadlineExceeded():
            return words.too_slow
        case _:
            return words.broken
