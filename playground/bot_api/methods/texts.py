"""Texts and captions out of arguments, with Telegram's checks in Telegram's order."""

from collections.abc import Callable
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.entities import (
    FormattedText,
    ParseError,
    parse_html,
    parse_markdown,
    parse_markdown_v2,
    with_found_entities,
)
from playground.protocol import limits
from playground.protocol.errors import over_limit, refused
from playground.state.chats import JsonObject

_PARSERS: dict[str, Callable[[str], FormattedText]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}


def message_text(arguments: Arguments) -> FormattedText:
    """The text of a message. Raises BotApiError if it is empty; its length is the caller's to check."""
    if not arguments.text("text"):
        raise refused("message text is empty")
    text = _formatted(arguments, "text", "entities")
    if not text.text:
        raise refused("text must be non-empty")
    return text


def draft_text(arguments: Arguments) -> FormattedText:
    """The text of a draft, which may be empty. Raises BotApiError."""
    return within(limits.TEXT_LENGTH, _formatted(arguments, "text", "entities"), "message is too long")


def caption(arguments: Arguments) -> JsonObject:
    """The caption fields of a message, none for an empty caption. Raises BotApiError."""
    text = _formatted(arguments, "caption", "caption_entities")
    within(limits.CAPTION_LENGTH, text, "message caption is too long")
    fields = text.as_fields("caption", "caption_entities") if text.text else {}
    above = arguments.flag("show_caption_above_media") and bool(text.text)
    return fields | ({"show_caption_above_media": True} if above else {})


def within(most: int, text: FormattedText, complaint: str) -> FormattedText:
    """The text, if it has at most `most` code points. Raises BotApiError with the complaint."""
    if len(text.text) > most:
        raise over_limit(complaint)
    return text


def _formatted(arguments: Arguments, name: str, entities: str) -> FormattedText:
    raw = arguments.text(name)
    if len(raw.encode("utf-8", "replace")) > limits.RAW_TEXT_BYTES:
        raise over_limit("text is too long")
    mode = arguments.text("parse_mode").lower()
    is_plain = mode in ("", "none")
    text = FormattedText(raw, _given_entities(arguments, entities)) if is_plain else _parsed(raw, mode)
    found = with_found_entities(text.trimmed())
    return FormattedText(found.text, found.entities[: limits.ENTITIES])


def _parsed(raw: str, mode: str) -> FormattedText:
    if mode not in _PARSERS:
        raise refused("unsupported parse_mode")
    try:
        return _PARSERS[mode](raw)
    except ParseError as error:
        raise refused(f"can't parse entities: {error}") from error


def _given_entities(arguments: Arguments, name: str) -> tuple[dict[str, Any], ...]:
    try:
        given = arguments.parsed(name) or []
    except ValueError as error:
        raise refused("can't parse entities JSON object") from error
    return tuple(entity for entity in given if isinstance(entity, dict) and entity.get("length", 0) > 0)
