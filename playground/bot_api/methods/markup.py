"""reply_markup: checked as the server checks it, kept as messages show it."""

from dataclasses import dataclass
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.protocol import limits, schema
from playground.protocol.errors import over_limit, refused
from playground.state.chats import JsonObject

_PLACE = "can't parse inline keyboard button: "
_STYLES = schema.TYPES["InlineKeyboardButton"]["fields"]["style"]["enum"]
_NOT_AN_ACTION = ("text", "style", "icon_custom_emoji_id")
_ACTIONS = [name for name in schema.TYPES["InlineKeyboardButton"]["fields"] if name not in _NOT_AN_ACTION]


@dataclass(frozen=True)
class Markup:
    """`inline` is the keyboard as the message carries it. A `reply` keyboard stands below the person's text
    field; a message that brought one cannot be edited."""

    inline: JsonObject | None = None
    reply: bool = False

    def fields(self) -> JsonObject:
        """The fields that it adds to a message."""
        return {"reply_markup": self.inline} if self.inline else {}


def read_markup(arguments: Arguments, problems: list[str]) -> Markup:
    """The ``reply_markup`` argument. Raises BotApiError; notes in `problems` what only clients refuse."""
    try:
        given = arguments.parsed("reply_markup")
    except ValueError as error:
        raise refused("can't parse reply keyboard markup JSON object") from error
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise refused("object expected as reply markup")
    if "inline_keyboard" not in given:
        return Markup(reply=bool(given.keys() & {"keyboard", "remove_keyboard", "force_reply"}))
    return Markup(inline=_inline(given["inline_keyboard"], problems))


def _inline(rows: Any, problems: list[str]) -> JsonObject | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refused("can't parse inline keyboard: array of arrays expected")
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > limits.KEYBOARD_BUTTONS:
        raise over_limit("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > limits.KEYBOARD_ROW for row in kept):
        problems.append(f"more than {limits.KEYBOARD_ROW} buttons in a row")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> JsonObject:
    if not isinstance(button, dict):
        raise refused(f"{_PLACE}expected an Object")
    if not isinstance(button.get("text"), str):
        raise refused(f'{_PLACE}Field "text" must be of type String')
    if not button["text"].strip():
        raise refused("inline keyboard button text must be non-empty")
    if not any(button.get(action) not in (None, "", False) for action in _ACTIONS):
        raise refused(f"{_PLACE}Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in (None, "", *_STYLES):
        raise refused(f"{_PLACE}invalid button style specified")
    if len(str(button.get("callback_data", "")).encode()) > limits.CALLBACK_DATA_BYTES:
        raise over_limit("BUTTON_DATA_INVALID")
    return button
