"""Chats: what stands in them, and the numbered events by which a page or a test follows them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]

# Fields that belong to a message's place in its chat and not to what it says.
ENVELOPE = ("message_id", "from", "chat", "date")


def without_reply(message: JsonObject) -> JsonObject:
    """Return a message as it is shown inside another one: replies do not nest."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


@dataclass(frozen=True)
class Event:
    """Something that was said or changed. `message` is as it stood then and is never changed afterwards."""

    seq: int
    event: str
    message: JsonObject


@dataclass
class Chat:
    """One chat. Messages are Bot API ``Message`` objects by ``message_id``; a change replaces the object."""

    info: JsonObject
    blocked: bool = False
    messages: dict[int, JsonObject] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    # Reactions on a message by who reacted, each a list of ReactionType objects.
    reactions: dict[int, dict[int, list[JsonObject]]] = field(default_factory=dict)
    # Messages sent with a reply keyboard, which Telegram does not let the bot edit.
    unchangeable: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        """The chat's identifier: of a private chat, also that of the person."""
        return int(self.info["id"])

    @property
    def is_private(self) -> bool:
        """Whether it is a chat of one person with the bot."""
        return bool(self.info["type"] == "private")

    def say(self, message: JsonObject, seq: Iterator[int]) -> None:
        """Adds a message."""
        self.messages[message["message_id"]] = message
        self.note("message", message, seq)

    def change(self, message: JsonObject, seq: Iterator[int]) -> None:
        """Puts a changed message in the place of the old one."""
        self.messages[message["message_id"]] = message
        self.note("edited", message, seq)

    def remove(self, message_id: int, seq: Iterator[int]) -> None:
        """Takes a message away."""
        gone = self.messages.pop(message_id)
        self.note("deleted", {name: gone[name] for name in ENVELOPE if name in gone}, seq)

    def react(
        self, message_id: int, who: int, reaction: list[JsonObject], seq: Iterator[int]
    ) -> list[JsonObject]:
        """Replaces somebody's reaction on a message and returns the one before."""
        by_person = self.reactions.setdefault(message_id, {})
        before = by_person.get(who, [])
        by_person[who] = reaction
        self.note("reaction", self.messages[message_id], seq)
        return before

    def note(self, event: str, message: JsonObject, seq: Iterator[int]) -> None:
        """Records an event; reactions stand in the message, which the Bot API's object has no field for."""
        reacted = [
            {**reaction, "user_id": who}
            for who, reactions in self.reactions.get(message.get("message_id", 0), {}).items()
            for reaction in reactions
        ]
        shown = {**message, "reactions": reacted} if reacted or event == "reaction" else message
        self.events.append(Event(next(seq), event, shown))

    def since(self, seq: int) -> list[Event]:
        """The events after a number, oldest first."""
        newest_first = itertools.takewhile(lambda event: event.seq > seq, reversed(self.events))
        return list(newest_first)[::-1]
