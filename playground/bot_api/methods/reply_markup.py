"""The argument reply_markup: checked as the server checks it, and kept as messages show it."""

from dataclasses import dataclass
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.protocol import limits, schema
from playground.protocol.errors import api_error, limit_exceeded
from playground.protocol.schema import JsonObject

_BUTTON_ERROR = "can't parse inline keyboard button: "
_STYLES = schema.TYPES["InlineKeyboardButton"]["fields"]["style"]["enum"]
_APPEARANCE = ("text", "style", "icon_custom_emoji_id")
_ACTIONS = [name for name in schema.TYPES["InlineKeyboardButton"]["fields"] if name not in _APPEARANCE]


@dataclass(frozen=True)
class ReplyMarkup:
    """Hold the keyboard of a message: an inline one, a reply keyboard or none.

    `inline` is the keyboard as the message carries it. A reply keyboard, which stands below the user's text
    field, is only noted in `is_reply_keyboard`; a message that brought one cannot be edited.
    """

    inline: JsonObject | None = None
    is_reply_keyboard: bool = False

    def fields(self) -> JsonObject:
        """Return the fields that the keyboard adds to a message."""
        return {"reply_markup": self.inline} if self.inline else {}


def read_reply_markup(arguments: Arguments, problems: list[str]) -> ReplyMarkup:
    """Return the keyboard of a call.

    What only Telegram's clients refuse is added to `problems`. Raises BotApiError.
    """
    given = arguments.parsed("reply_markup", "reply keyboard markup")
    if given is None:
        return ReplyMarkup()
    if not isinstance(given, dict):
        raise api_error("object expected as reply markup")
    if "inline_keyboard" not in given:
        is_reply_keyboard = bool(given.keys() & {"keyboard", "remove_keyboard", "force_reply"})
        return ReplyMarkup(is_reply_keyboard=is_reply_keyboard)
    return ReplyMarkup(inline=_inline_keyboard(given["inline_keyboard"], problems))


def _inline_keyboard(rows: Any, problems: list[str]) -> JsonObject | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise api_error("can't parse inline keyboard: array of arrays expected")
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > limits.KEYBOARD_BUTTONS:
        raise limit_exceeded("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > limits.KEYBOARD_ROW_BUTTONS for row in kept):
        problems.append(f"more than {limits.KEYBOARD_ROW_BUTTONS} buttons in a row")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> JsonObject:
    """Return an InlineKeyboardButton after checking it. Raises BotApiError."""
    if not isinstance(button, dict):
        raise api_error(f"{_BUTTON_ERROR}expected an Object")
    if not isinstance(button.get("text"), str):
        raise api_error(f'{_BUTTON_ERROR}Field "text" must be of type String')
    if not button["text"].strip():
        raise api_error("inline keyboard button text must be non-empty")
    if not any(button.get(action) not in (None, "", False) for action in _ACTIONS):
        raise api_error(f"{_BUTTON_ERROR}Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in (None, "", *_STYLES):
        raise api_error(f"{_BUTTON_ERROR}invalid button style specified")
    if len(str(button.get("callback_data", "")).encode()) > limits.CALLBACK_DATA_BYTES:
        raise limit_exceeded("BUTTON_DATA_INVALID")
    return button
