"""Make messages to Telegram as plain values, so that they can be stored before they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.ui import cards
from bot.ui.cards import Card

MEDIA = "media"  # the audio of an album
CARD = "card"  # in place of `photo`: a picture that is drawn when the message is sent
EXPORT = "export"  # in place of `document`: the id of whom the file is about, which is made when it is sent
TARGET = "target"  # in place of `message_id`: the key under which the message was recorded


@dataclass(frozen=True, slots=True)
class Message:
    """Hold a Bot API method with its JSON-able arguments; the chat is added when it is recorded."""

    method: str
    arguments: dict[str, Any]


def escaped(text: str) -> str:
    """Make foreign text harmless for Telegram's HTML."""
    return escape(text)


def text(html: str, keyboard: InlineKeyboardMarkup | None = None, reply_to: int | None = None) -> Message:
    """Make a message in Telegram's HTML."""
    arguments: dict[str, Any] = {
        "text": html,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if reply_to:
        arguments["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
    return Message("sendMessage", arguments | _markup(keyboard))


def card(picture: Card, html: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Make a message with a picture that is drawn when it is sent, and a caption in HTML."""
    arguments = {CARD: cards.as_dict(picture), "caption": html, "parse_mode": "HTML"}
    return Message("sendPhoto", arguments | _markup(keyboard))


def export(person_id: int, html: str) -> Message:
    """Make a message with the file of all that is stored about a person, which is written only when it is sent."""
    return Message("sendDocument", {EXPORT: person_id, "caption": html, "parse_mode": "HTML"})


def audios(files: Sequence[tuple[str, str]]) -> list[Message]:
    """Make messages of tracks to play, (file_id, caption in HTML) each: albums, and a single one where one is left."""
    messages = []
    for start in range(0, len(files), 10):
        part = files[start : start + 10]
        items = [{MEDIA: file, "caption": caption, "parse_mode": "HTML"} for file, caption in part]
        if len(items) > 1:
            messages.append(Message("sendMediaGroup", {MEDIA: items}))
        else:
            messages.append(
                Message("sendAudio", {"audio": part[0][0], "caption": part[0][1], "parse_mode": "HTML"})
            )
    return messages


def new_text(target: str | int, html: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Change the text of a message: one of ours by its key, or by its number."""
    arguments = {"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return Message("editMessageText", _target(target) | arguments | _markup(keyboard))


def new_keyboard(message_id: int, keyboard: InlineKeyboardMarkup | None) -> Message:
    """Change (or with None take away) the buttons of a message."""
    return Message("editMessageReplyMarkup", _target(message_id) | _markup(keyboard))


def _target(target: str | int) -> dict[str, Any]:
    return {"message_id": target} if isinstance(target, int) else {TARGET: target}


def _markup(keyboard: InlineKeyboardMarkup | None) -> dict[str, Any]:
    return {"reply_markup": keyboard.to_dict()} if keyboard else {}
