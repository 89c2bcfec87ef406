"""Everything that the playground remembers about the bot, its users and what happened between them."""

import asyncio
import itertools
import random
import secrets
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from playground.media.files import FileStore, Media
from playground.protocol import limits, schema
from playground.protocol.schema import JsonObject
from playground.state.chats import Chat
from playground.state.clock import Clock
from playground.state.faults import Fault
from playground.state.long_polling import LongPoller
from playground.state.update_queue import UpdateQueue, expiry

# Telegram does not send these unless the bot asks for them by name.
_UPDATES_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_UPDATES = schema.UPDATE_TYPES - _UPDATES_ON_REQUEST


@dataclass
class CallbackQuery:
    """Hold the press of an inline button and the bot's answer to it, once there is one.

    `created_at` is in seconds since 1970 of the playground's clock.
    """

    created_at: float
    answered: bool = False
    text: str | None = None
    show_alert: bool = False


@dataclass
class BotProfile:
    """Hold what the bot says of itself: commands by scope and language, descriptions by language."""

    commands: dict[tuple[str, str], list[JsonObject]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class ServerState:
    """Hold the state that the bot's interface and the clients' interface share.

    Everything runs in one event loop and no change of the state awaits anything, so nothing is locked.
    Whoever waits for a change waits on `changed`. Whoever changes the state calls `notify_changed` afterwards:
    both interfaces do so once a request, after everything that the request has changed.
    """

    def __init__(self, token: str, folder: Path) -> None:
        self.token = token
        self.bot: JsonObject = _bot_user(int(token.split(":")[0]))
        self.changed = asyncio.Condition()
        self.clock = Clock()
        self.files = FileStore(folder)
        self.update_queue = UpdateQueue(first_id=random.randint(2_000_001, 10**9))
        self.long_poller = LongPoller(self.update_queue, self.changed, self.clock)
        self.message_ids = itertools.count(1)
        self._set_initial_values()

    def _set_initial_values(self) -> None:
        self.event_numbers = itertools.count(1)
        self.request_numbers = itertools.count(1)
        self.profile = BotProfile()
        self.allowed_updates: frozenset[str] = DEFAULT_UPDATES
        self.users: dict[int, JsonObject] = {}
        self.chats: dict[int, Chat] = {}
        self.callback_queries: dict[str, CallbackQuery] = {}
        self.faults: list[Fault] = []
        self.requests: list[JsonObject] = []
        self.profile_audios: dict[int, list[Media]] = {}
        self.send_times: deque[float] = deque(maxlen=limits.MESSAGES_PER_SECOND + 1)

    async def reset(self) -> None:
        """Forget everything but the identifiers given so far, which a bot may remember."""
        self._set_initial_values()
        self.clock.reset()
        self.update_queue.clear()
        await asyncio.to_thread(self.files.clear)

    async def notify_changed(self) -> None:
        """Wake everyone who waits on `changed`, so that each looks whether its own condition is met.

        This yields to no other task, since nobody holds the condition's lock over an await.
        """
        async with self.changed:
            self.changed.notify_all()

    def now(self) -> int:
        """Return the playground's time in whole seconds since 1970, as dates in messages are."""
        return int(self.clock.now())

    def add_user(self, first_name: str, **optional: str) -> JsonObject:
        """Make a user with a private chat and return the ``User`` object.

        Identifiers are random: a bot whose database outlives the playground must not take new users for old.
        """
        user_id = random.randint(10**8, 10**10)
        user: JsonObject = {"id": user_id, "is_bot": False, "first_name": first_name, **optional}
        self.users[user_id] = user
        names: JsonObject = {
            name: user[name] for name in ("first_name", "last_name", "username") if name in user
        }
        self.add_chat({"id": user_id, **names, "type": "private"})
        return user

    def add_chat(self, info: JsonObject) -> None:
        """Add a chat that has this Bot API ``Chat`` object, unless it is known already."""
        self.chats.setdefault(info["id"], Chat(info, self.event_numbers))

    def envelope(self, chat: Chat, sender: JsonObject) -> JsonObject:
        """Return the first fields of a new message: its number, its sender, its chat and its date."""
        number = next(self.message_ids)
        return {"message_id": number, "from": sender, "chat": chat.info, "date": self.now()}

    def queue_update(self, kind: str, payload: JsonObject) -> int | None:
        """Queue an update for the bot and return its identifier, None if the bot wants no such kind."""
        if kind not in self.allowed_updates:
            return None
        return self.update_queue.add({kind: payload}, expiry(kind, payload, self.clock.now()))

    def open_callback_query(self, query_id: str | None = None) -> str:
        """Make a callback query that the bot may answer, and return its identifier.

        The identifier is the given one, or else a new one.
        """
        query_id = query_id or str(secrets.randbits(62))
        self.callback_queries[query_id] = CallbackQuery(self.clock.now())
        return query_id


def _bot_user(bot_id: int) -> JsonObject:
    return {
        "id": bot_id,
        "is_bot": True,
        "first_name": "Attune",
        "username": "attune_playground_bot",
    }
