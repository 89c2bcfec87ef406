"""A call of a method while it is being answered."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.protocol import limits
from playground.protocol.errors import BotApiError, api_error
from playground.state.chats import Chat
from playground.state.server_state import ServerState

_NO_ANSWER_TO_STRANGERS = "bot can't initiate conversation with a user"


@dataclass
class Call:
    """Hold a call, the state that it works on, and the problems that were noticed about it.

    A problem is what breaks the documentation, whether or not the real server lets it pass.
    """

    state: ServerState
    method: str
    arguments: Arguments
    problems: list[str] = field(default_factory=list)

    def chat(self) -> Chat:
        """Return the chat that ``chat_id`` names. Raises BotApiError if there is none."""
        name = self.arguments.text("chat_id")
        if not name:
            raise api_error("chat_id is empty")
        chat = self._find_chat(name)
        if chat is None:
            raise self._no_chat(name)
        return chat

    def _find_chat(self, name: str) -> Chat | None:
        if name.startswith("@"):
            username = name[1:].lower()
            chats = self.state.chats.values()
            return next((chat for chat in chats if chat.info.get("username", "").lower() == username), None)
        return self.state.chats.get(int(name)) if name.removeprefix("-").isdigit() else None

    def _no_chat(self, name: str) -> BotApiError:
        if name.isdigit() and int(name) in self.state.users:
            return api_error(_NO_ANSWER_TO_STRANGERS, 403)
        return api_error("chat not found")

    def writable_chat(self) -> Chat:
        """Return the chat that ``chat_id`` names, if the bot may write there. Raises BotApiError."""
        chat = self.chat()
        if chat.blocked:
            raise api_error("USER_IS_BLOCKED")
        return chat

    def message_id(self) -> int:
        """Return the argument ``message_id``, 0 if it is missing."""
        return self.arguments.integer("message_id")

    def count_sent_message(self) -> None:
        """Note a problem if the bot sends faster than Telegram's documented rate for all chats together."""
        times = self.state.send_times
        times.append(time.monotonic())
        if len(times) == times.maxlen and times[-1] - times[0] < 1:
            self.problems.append(f"more than {limits.MESSAGES_PER_SECOND} messages within a second")


Handler = Callable[[Call], Awaitable[Any]]
