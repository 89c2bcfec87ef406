"""A call under way: what it asks, of which state, and what was noticed about it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.protocol import limits
from playground.protocol.errors import BotApiError, refused
from playground.state.chats import Chat
from playground.state.server_state import ServerState

_NO_ANSWER_TO_STRANGERS = "bot can't initiate conversation with a user"


@dataclass
class Call:
    """`problems` collects what the real server lets pass although its documentation does not allow it."""

    state: ServerState
    method: str
    arguments: Arguments
    problems: list[str] = field(default_factory=list)

    def chat(self) -> Chat:
        """The chat that ``chat_id`` names. Raises BotApiError."""
        name = self.arguments.text("chat_id")
        if not name:
            raise refused("chat_id is empty")
        chat = self._named(name)
        if chat is None:
            raise self._unknown(name)
        return chat

    def _named(self, name: str) -> Chat | None:
        if name.startswith("@"):
            wanted = name[1:].lower()
            chats = self.state.chats.values()
            return next((c for c in chats if c.info.get("username", "").lower() == wanted), None)
        return self.state.chats.get(int(name)) if name.removeprefix("-").isdigit() else None

    def _unknown(self, name: str) -> BotApiError:
        if name.isdigit() and int(name) in self.state.users:
            return refused(_NO_ANSWER_TO_STRANGERS, 403)
        return refused("chat not found")

    def chat_to_write(self) -> Chat:
        """The same, if the bot may write there. Raises BotApiError."""
        chat = self.chat()
        if chat.blocked:
            raise refused("USER_IS_BLOCKED")
        return chat

    def message_id(self) -> int:
        """The ``message_id`` argument, 0 if there is none."""
        return self.arguments.integer("message_id")

    def count_sent(self, messages: int) -> None:
        """Notes a problem where the bot sends faster than Telegram's documented rate for all chats."""
        sent = self.state.send_times
        sent.extend([time.monotonic()] * messages)
        if len(sent) == sent.maxlen and sent[-1] - sent[0] < 1:
            self.problems.append(f"more than {limits.MESSAGES_PER_SECOND} messages within a second")


Handler = Callable[[Call], Awaitable[Any]]
