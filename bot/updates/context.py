"""One update being handled: what came, what is known about who sent it, and how to answer."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot import logs
from bot.crisis import asks_for_help
from bot.delivery import messages
from bot.logs import hashed
from bot.services import Services
from bot.ui.words import Words, words_for
from bot.updates.media import written
from inference.pool import DeadlineExceeded, PoolBusy, PoolError
from storage import inbox, outbox, people
from storage.people import Person

log = logging.getLogger(__name__)

MAX_DOWNLOAD = 20 * 2**20  # bytes: what Telegram lets a bot fetch
_TRIES = 3  # an update that kills the process this often is given up


class Refused(Exception):
    """The update cannot be followed; the text is a sentence (HTML) for the person, with buttons to go on where any."""

    def __init__(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        super().__init__(html)
        self.keyboard = keyboard


class Forgotten(Exception):
    """The person erased everything while the update was being handled: nothing may be written any more."""


class Withdrawn(Exception):
    """The person withdrew the consent while the update was being handled: it must have no effect."""


@dataclass(slots=True)
class Ending:
    """The one transaction in which an update takes effect: its changes, its answers, and that it was handled."""

    session: AsyncSession
    turn: "Turn"
    _count: int = 0

    async def say(self, message: messages.Message) -> str:
        """Record an answer; returns the key under which it can be changed later."""
        self._count += 1
        key = f"{self.turn.update_id}:{self._count}"
        await self.turn.record(self.session, key, message)
        return key


@dataclass(slots=True)
class Turn:
    """An update of a person in a private chat."""

    update: Update
    services: Services
    person: Person
    consented: bool
    words: Words
    args: list[str] = field(default_factory=list)
    finished: bool = False
    acknowledgement: str | None = None  # the key of what was said at once
    retry: InlineKeyboardMarkup | None = None  # the way to try again where only pool or network failed

    @property
    def update_id(self) -> int:
        """Telegram's number of the update."""
        return self.update.update_id

    @property
    def message(self) -> Message:
        """The message; only for updates that are one."""
        assert self.update.message is not None
        return self.update.message

    @property
    def moment(self) -> datetime:
        """When the person acted: a message knows its time, however late it is handled; a press is now."""
        return self.update.message.date if self.update.message else datetime.now(UTC)

    @property
    def query(self) -> CallbackQuery:
        """The press of a button; only for updates that are one."""
        assert self.update.callback_query is not None
        return self.update.callback_query

    @asynccontextmanager
    async def ending(self) -> AsyncIterator[Ending]:
        """Take effect: everything inside is committed together with the fact that the update was handled.

        No network and no model may be waited for inside. A second time per update is an error. Raises Forgotten or
        Withdrawn.
        """
        assert not self.finished, "an update takes effect once"
        async with self._transaction() as session:
            yield Ending(session, self)
            await inbox.done(session, self.update_id)
        self.finished = True
        self.services.sender.wake()

    def key(self, name: str, origin: str | None = None) -> str:
        """Under which an answer to this update is recorded, or to all updates that are of one origin."""
        return f"{origin}:{self.person.id}:{name}" if origin else f"{self.update_id}:{name}"

    async def say(self, html: str, keyboard: Any = None) -> None:
        """Answer with a text and be done."""
        async with self.ending() as end:
            await end.say(messages.text(html, keyboard))

    async def acknowledge(self, html: str) -> None:
        """Answer at once, before the work; told again after a crash, it is still said once."""
        await self.acknowledge_by(messages.text(html))

    async def acknowledge_by(self, message: messages.Message, origin: str | None = None) -> None:
        """The same with any message, which may be the change of another; said once for all that is of one `origin`."""
        key = self.key("ack", origin)
        async with self._transaction() as session:
            await self.record(session, key, message)
        self.services.sender.wake()
        self.acknowledgement = key

    async def apologise(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Say what went wrong, before (in place of the acknowledgement, if any) or after the update took effect."""
        said = messages.text(html, keyboard)
        if not self.finished:
            async with self.ending() as end:
                earlier = self.acknowledgement
                await end.say(messages.new_text(earlier, html, keyboard) if earlier else said)
            return
        async with self.services.db.write() as session:
            await self.record(session, f"{self.update_id}:late", said)
        self.services.sender.wake()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.services.db.write() as session:
            if not await inbox.waits(session, self.update_id):
                raise Forgotten
            if self.consented and not await people.has_consent(session, self.person.id):
                raise Withdrawn
            yield session

    async def record(self, session: AsyncSession, key: str, message: messages.Message) -> None:
        """Put a message into the outbox."""
        chat_id, person_id = self.person.chat_id, self.person.id
        await outbox.add(session, key, chat_id, message.method, message.arguments, person_id, self.update_id)

    async def toast(self, text: str = "", alert: bool = False) -> None:
        """Answer the press of a button, so that it stops spinning; too late is not an error."""
        with contextlib.suppress(TelegramError):
            await self.query.answer(text[:200] or None, show_alert=alert)

    async def download(self, file_id: str, size: int | None) -> bytes:
        """The bytes of a file, in memory; raises Refused."""
        if (size or 0) > MAX_DOWNLOAD:
            raise Refused(self.words.file_too_big)
        try:
            file = await _twice(lambda: self.services.bot.get_file(file_id))
            return bytes(await _twice(file.download_as_bytearray))
        except BadRequest as error:
            if "too big" in str(error).casefold():
                raise Refused(self.words.file_too_big) from error
            raise Refused(self.words.file_gone, self.retry) from error
        except (TelegramError, RuntimeError) as error:
            raise Refused(self.words.file_gone, self.retry) from error


async def _twice(call: Callable[[], Awaitable[Any]]) -> Any:
    """Once more after a moment when the network failed."""
    try:
        return await call()
    except BadRequest:
        raise
    except NetworkError:
        await asyncio.sleep(1)
        return await call()


Handler = Callable[[Turn], Awaitable[None]]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


def in_turn(services: Services, handler: Handler) -> Callback:
    """The callback for python-telegram-bot: opens a Turn, runs the handler, and sees to it that an answer is given."""

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        logs.begin(update.update_id)
        turn = await _open(services, update, list(context.args or []))
        if turn is None:
            return
        try:
            await handler(turn)
        except Forgotten:
            return
        except Exception as error:
            await _excuse(turn, error)
        if not turn.finished:
            async with turn.ending():
                pass

    return callback


async def _open(services: Services, update: Update, args: list[str]) -> Turn | None:
    """Begin the update; None when there is nothing (more) to do with it."""
    user, chat = update.effective_user, update.effective_chat
    async with services.db.write() as s:
        attempt = await inbox.begin(s, update.update_id)
        if attempt == 0 or user is None or chat is None:
            await inbox.done(s, update.update_id)
            return None
        words = words_for(user.language_code)
        asks = asks_for_help(written(update.message))  # which concerns everybody
        private, invited = chat.type == ChatType.PRIVATE, asks or _invited(services, user)
        if private and invited and attempt <= _TRIES:
            person, consented = await _who(s, user, chat.id)
            return Turn(update, services, person, consented, words, args)
        sentence = words.private_only if not private else words.broken if invited else words.not_invited
        key, arguments = f"{update.update_id}:1", {"text": sentence}
        await outbox.add(s, key, chat.id, "sendMessage", arguments, update_id=update.update_id)
        await inbox.done(s, update.update_id)
    services.sender.wake()
    return None


def _invited(services: Services, user: User) -> bool:
    allowed = services.settings.allowed_users
    return not allowed or user.id in allowed


async def _who(s: AsyncSession, user: User, chat_id: int) -> tuple[Person, bool]:
    """The person, and whether they agreed to be read; nobody is recorded before."""
    if await people.has_consent(s, user.id):
        return await people.get_or_create(s, user.id, chat_id, user.language_code), True
    return Person(user.id, chat_id, user.language_code, "ask"), False


async def _excuse(turn: Turn, error: Exception) -> None:
    """Say what went wrong; nothing is lost and nothing is repeated."""
    if isinstance(error, PoolError):
        log.warning("event=not_read error=%s", type(error).__name__)
    if turn.update.callback_query:
        await turn.toast()
    keyboard = turn.retry if isinstance(error, PoolError) else None
    match error:
        case Refused(keyboard=keyboard):
            sentence = str(error)
        case Withdrawn():
            turn.consented = False
            sentence = turn.words.withdrawn_meanwhile
        case PoolBusy(waiting=waiting):
            sentence = turn.words.busy(waiting)
        case DeadlineExceeded():
            sentence = turn.words.too_slow
        case PoolError():
            sentence = turn.words.broken
        case _:
            log.exception(
                "event=handler_failed chat=%s error=%s", hashed(turn.person.chat_id), type(error).__name__
            )
            sentence = turn.words.broken
    with contextlib.suppress(Forgotten):
        await turn.apologise(sentence, keyboard)
