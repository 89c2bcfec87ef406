"""All that the playground remembers: bot, people, chats, files, updates, presses, faults and calls."""

import asyncio
import itertools
import random
import secrets
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from playground.media.files import FileStore, Media
from playground.protocol import limits, schema
from playground.state import update_queue
from playground.state.bell import Bell
from playground.state.chats import Chat, JsonObject
from playground.state.clock import Clock
from playground.state.faults import Fault
from playground.state.long_polling import Poller

# Telegram does not send these unless asked for by name.
_UPDATES_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_UPDATES = schema.UPDATE_TYPES - _UPDATES_ON_REQUEST


@dataclass
class CallbackQuery:
    """A pressed button and the bot's answer to it, once there is one."""

    created_at: float
    answered: bool = False
    text: str | None = None
    show_alert: bool = False


@dataclass
class BotProfile:
    """What the bot says of itself, by language and scope."""

    commands: dict[tuple[str, str], list[JsonObject]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class ServerState:
    """The state behind both sides. Everything runs in one event loop, so nothing is locked."""

    def __init__(self, token: str, folder: Path) -> None:
        self.token = token
        self.bot: JsonObject = _bot_user(int(token.split(":")[0]))
        self.bell = Bell()
        self.clock = Clock()
        self.files = FileStore(folder)
        self.update_queue = update_queue.UpdateQueue(first_id=random.randint(2_000_001, 10**9))
        self.poller = Poller(self.update_queue, self.bell, self.clock)
        self.message_ids = itertools.count(1)
        self._forget()

    def _forget(self) -> None:
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
        """Forgets everything but the identifiers given so far, which a bot may remember."""
        self._forget()
        self.clock.reset()
        self.update_queue.clear()
        await asyncio.to_thread(self.files.clear)
        self.bell.ring()

    def now(self) -> int:
        """Seconds since 1970 by the playground's clock, as dates in messages are."""
        return int(self.clock.now())

    def add_user(self, first_name: str, **optional: str) -> JsonObject:
        """Makes a person with a private chat and returns the User object.

        Identifiers are random: a bot whose database outlives the playground must not take new people for old.
        """
        user_id = random.randint(10**8, 10**10)
        person: JsonObject = {"id": user_id, "is_bot": False, "first_name": first_name, **optional}
        self.users[user_id] = person
        names: JsonObject = {
            name: person[name] for name in ("first_name", "last_name", "username") if name in person
        }
        self.chats[user_id] = Chat({"id": user_id, **names, "type": "private"})
        return person

    def envelope(self, chat: Chat, sender: JsonObject) -> JsonObject:
        """The fields that every new message begins with."""
        number = next(self.message_ids)
        return {"message_id": number, "from": sender, "chat": chat.info, "date": self.now()}

    def say(self, chat: Chat, message: JsonObject) -> JsonObject:
        """Puts a new message into its chat, and returns it."""
        chat.say(message, self.event_numbers)
        self.bell.ring()
        return message

    def change(self, chat: Chat, message: JsonObject) -> JsonObject:
        """Replaces a message by its edited form, and returns that."""
        chat.change(message, self.event_numbers)
        self.bell.ring()
        return message

    def note(self, chat: Chat, event: str, message: JsonObject) -> None:
        """Tells those who follow a chat of something that is no message: an action, a draft, a deletion."""
        chat.note(event, message, self.event_numbers)
        self.bell.ring()

    def deliver(self, kind: str, payload: JsonObject) -> int | None:
        """Queues an update for the bot and returns its identifier, None if the bot wants no such kind."""
        if kind not in self.allowed_updates:
            return None
        now = self.clock.now()
        update_id = self.update_queue.add({kind: payload}, update_queue.expiry(kind, payload, now))
        self.bell.ring()
        return update_id

    def open_callback_query(self, query_id: str | None = None) -> str:
        """Opens a callback query for an answer and returns its identifier."""
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
