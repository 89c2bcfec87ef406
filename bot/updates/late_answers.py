"""Tell people that their answer comes late, since more is written than can be handled or sent.

They are told by a draft, an ornament: it is not recorded, passes by itself, and takes no place among the messages that
Telegram lets a bot send in a second.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.logs import get_logger
from bot.tasks.background import running, survived
from bot.ui.words import words_for
from storage import Database, inbox, outbox

log = get_logger(__name__)

LATE_S = 1.0
_EVERY_S = 0.25
_SPELL_S = 30.0  # for so long a draft is shown, and nobody is told again


@dataclass(frozen=True, slots=True)
class _Begun:
    at: float
    chat_id: int
    language_code: str | None


class LateAnswers:
    """Watch updates whose turn has come, and tell who still waits after a second, once for a while.

    An update is late that is not even opened, or whose answer waits to be sent and nothing of it was. One that is being
    read is not: what is read shows that by itself.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._begun: dict[int, _Begun] = {}
        self._told: dict[int, float] = {}  # when, by chat

    def begun(self, update: Update) -> None:
        """Note that an update's turn has come."""
        user, chat = update.effective_user, update.effective_chat
        if user and chat and chat.type == ChatType.PRIVATE:
            self._begun[update.update_id] = _Begun(time.monotonic(), chat.id, user.language_code)

    @asynccontextmanager
    async def watching(self, bot: Bot) -> AsyncIterator[None]:
        """Tell people inside."""
        async with running(self._watch(bot)):
            yield

    async def _watch(self, bot: Bot) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            await survived(self.tell(bot), "late_answers_unknown")

    async def tell(self, bot: Bot) -> None:
        """Look once at each update whose turn came a second ago, and tell its person if it is late."""
        now = time.monotonic()
        self._told = {chat_id: at for chat_id, at in self._told.items() if now - at < _SPELL_S}
        due = {number: begun for number, begun in self._begun.items() if now - begun.at >= LATE_S}
        for number in due:
            del self._begun[number]
        if not due:
            return
        async with self._db.read() as s:
            late = await inbox.unopened(s, due) | await outbox.unanswered(s, due)
        waits = {due[number].chat_id: (number, due[number]) for number in late}
        untold = [found for chat_id, found in waits.items() if chat_id not in self._told]
        if untold:
            log.warning("late", chats=len(untold))
        self._told |= {begun.chat_id: now for _, begun in untold}
        await asyncio.gather(*(_tell(bot, number, begun) for number, begun in untold))


async def _tell(bot: Bot, number: int, begun: _Begun) -> None:
    with contextlib.suppress(TelegramError):
        await bot.send_message_draft(begun.chat_id, number, words_for(begun.language_code).late)
