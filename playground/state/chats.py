"""Chats, their messages, and the numbered events by which a page or a test follows them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from playground.protocol.schema import JsonObject

# Fields that say where and when a message was sent, and not what it says.
ENVELOPE_FIELDS = ("message_id", "from", "chat", "date")


def without_reply(message: JsonObject) -> JsonObject:
    """Return a message as it is shown inside another one: replies do not nest."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


@dataclass(frozen=True)
class Event:
    """Record one thing that happened in a chat, with the message as it stood at that moment.

    `kind` is ``message``, ``edited``, ``deleted``, ``reaction``, ``action`` or ``draft``.
    """

    seq: int
    kind: str
    message: JsonObject


@dataclass
class Chat:
    """Hold one chat: its Bot API ``Chat`` object, its messages and all that happened in it.

    Messages are Bot API ``Message`` objects by ``message_id``; an edit puts a new object in place of the old
    one, so that the objects in past events stay as they were. `event_numbers` is shared by all chats.
    """

    info: JsonObject
    event_numbers: Iterator[int]
    blocked: bool = False
    messages: dict[int, JsonObject] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    # By message_id, then by the identifier of the user who reacted: lists of ReactionType objects.
    reactions: dict[int, dict[int, list[JsonObject]]] = field(default_factory=dict)
    # Messages sent with a reply keyboard, which Telegram does not let the bot edit.
    not_editable: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        """Return the chat's identifier; that of a private chat is also the identifier of its user."""
        return int(self.info["id"])

    @property
    def is_private(self) -> bool:
        """Tell whether this is the chat of one user with the bot."""
        return bool(self.info["type"] == "private")

    def add_message(self, message: JsonObject) -> None:
        """Add a new message."""
        self.messages[message["message_id"]] = message
        self.add_event("message", message)

    def edit_message(self, message: JsonObject) -> None:
        """Put an edited message in the place of the one with the same ``message_id``."""
        self.messages[message["message_id"]] = message
        self.add_event("edited", message)

    def delete_message(self, message_id: int) -> None:
        """Delete a message; its event tells only which one it was."""
        deleted = self.messages.pop(message_id)
        self.add_event("deleted", {name: deleted[name] for name in ENVELOPE_FIELDS if name in deleted})

    def set_reaction(self, message_id: int, user_id: int, reaction: list[JsonObject]) -> list[JsonObject]:
        """Replace a user's reaction to a message and return the one before; an empty list is no reaction."""
        by_user = self.reactions.setdefault(message_id, {})
        before = by_user.get(user_id, [])
        by_user[user_id] = reaction
        self.add_event("reaction", self.messages[message_id])
        return before

    def add_event(self, kind: str, message: JsonObject) -> None:
        """Record an event, with the reactions so far in a field ``reactions`` of the message.

        The Bot API's ``Message`` has no such field.
        """
        reactions = [
            {**reaction, "user_id": user_id}
            for user_id, given in self.reactions.get(message.get("message_id", 0), {}).items()
            for reaction in given
        ]
        if reactions or kind == "reaction":
            message = {**message, "reactions": reactions}
        self.events.append(Event(next(self.event_numbers), kind, message))

    def events_after(self, seq: int) -> list[Event]:
        """Return the events with a greater number, oldest first."""
        newest_first = itertools.takewhile(lambda event: event.seq > seq, reversed(self.events))
        return list(newest_first)[::-1]
