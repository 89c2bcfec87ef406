"""Buttons of a message, and what comes back from Telegram when one is pressed.

The data of a button is text: a version, an action and its arguments ("v1|read|12"). Buttons stay in chats for years, so
the value of an action never changes; its name in the code may.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from telegram import InlineKeyboardButton

_VERSION = "v1"  # of the data's shape: buttons of an older program are told apart


class Action(StrEnum):
    """Name what a button does. Keyboards, routes and the order of updates share these names."""

    CONSENT = "consent"
    ERASE = "erase"
    READ_NOW = "read"
    STOP = "stop"
    TRY_AGAIN = "again"
    WHOSE = "whose"
    READ_AS_VOICE = "as_voice"
    MATCH = "match"
    REGULATE = "regulate"
    TELL_MOOD = "feel"
    NOT_RIGHT = "wrong"
    CORRECT = "is"
    THUMB = "thumb"
    ASK_SOUND = "sounds"
    TELL_SOUND = "sound"
    CHOOSE_MODE = "mode"
    USE_PLAYLIST = "use"
    REMOVE_PLAYLIST = "drop"
    IMPORT_PLAYLIST = "take"
    TURN_PAGE = "own"
    SEND_AGAIN = "resend"


@dataclass(frozen=True, slots=True)
class Press:
    """Represent a pressed button: an action and its arguments."""

    action: Action
    arguments: tuple[str, ...]

    @classmethod
    def parse(cls, data: str | None) -> Self | None:
        """Read a button's data; None for anything that Attune does not send, since clients can send what they like."""
        version, *rest = (data or "").split("|")
        if version != _VERSION or not rest:
            return None
        try:
            return cls(Action(rest[0]), tuple(rest[1:]))
        except ValueError:
            return None

    def number(self, index: int = 0) -> int | None:
        """Return an argument as a number; None where it is missing, no number, or larger than any id."""
        argument = self.arguments[index] if index < len(self.arguments) else ""
        return int(argument) if argument.isdecimal() and len(argument) < 18 else None


def button(label: str, action: Action, *arguments: object) -> InlineKeyboardButton:
    """Make a button; its data stays far below the 64 bytes that Telegram takes."""
    return InlineKeyboardButton(label, callback_data="|".join([_VERSION, action, *map(str, arguments)]))
