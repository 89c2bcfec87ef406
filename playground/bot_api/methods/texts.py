"""Texts and captions of messages, with Telegram's checks in Telegram's order."""

from collections.abc import Callable

from playground.bot_api.arguments import Arguments
from playground.entities import (
    FormattedText,
    ParseError,
    parse_html,
    parse_markdown,
    parse_markdown_v2,
    with_detected_entities,
)
from playground.protocol import limits
from playground.protocol.errors import api_error, limit_exceeded
from playground.protocol.schema import JsonObject

_PARSERS: dict[str, Callable[[str], FormattedText]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}


def message_text(arguments: Arguments) -> FormattedText:
    """Return the text of a message. Raises BotApiError if it is empty; the caller checks its length."""
    if not arguments.text("text"):
        raise api_error("message text is empty")
    text = _formatted(arguments, "text", "entities")
    if not text.text:
        raise api_error("text must be non-empty")
    return text


def draft_text(arguments: Arguments) -> FormattedText:
    """Return the text of a draft, which may be empty. Raises BotApiError."""
    text = _formatted(arguments, "text", "entities")
    check_length(text, limits.TEXT_LENGTH, "message is too long")
    return text


def caption_fields(arguments: Arguments) -> JsonObject:
    """Return the fields of a message that hold its caption, none for an empty caption. Raises BotApiError."""
    text = _formatted(arguments, "caption", "caption_entities")
    check_length(text, limits.CAPTION_LENGTH, "message caption is too long")
    if not text.text:
        return {}
    above = {"show_caption_above_media": True} if arguments.flag("show_caption_above_media") else {}
    return text.as_fields("caption", "caption_entities") | above


def check_length(text: FormattedText, most: int, message: str) -> None:
    """Raise BotApiError with this message if the text has more than `most` code points."""
    if len(text.text) > most:
        raise limit_exceeded(message)


def _formatted(arguments: Arguments, name: str, entities_name: str) -> FormattedText:
    """Return a text as Telegram stores it: parsed, trimmed and with detected entities. Raises BotApiError."""
    raw = arguments.text(name)
    if len(raw.encode("utf-8", "replace")) > limits.RAW_TEXT_BYTES:
        raise limit_exceeded("text is too long")
    mode = arguments.text("parse_mode").lower()
    is_plain = mode in ("", "none")
    text = FormattedText(raw, _given_entities(arguments, entities_name)) if is_plain else _parsed(raw, mode)
    detected = with_detected_entities(text.trimmed())
    return FormattedText(detected.text, detected.entities[: limits.ENTITIES])


def _parsed(raw: str, mode: str) -> FormattedText:
    if mode not in _PARSERS:
        raise api_error("unsupported parse_mode")
    try:
        return _PARSERS[mode](raw)
    except ParseError as error:
        raise api_error(f"can't parse entities: {error}") from error


def _given_entities(arguments: Arguments, name: str) -> tuple[JsonObject, ...]:
    given = arguments.parsed(name, "entities") or []
    return tuple(entity for entity in given if isinstance(entity, dict) and entity.get("length", 0) > 0)
