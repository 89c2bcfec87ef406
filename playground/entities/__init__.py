"""Texts and their entities: what the bot marks up, and what Telegram finds by itself."""

from playground.entities.detect import with_found_entities
from playground.entities.formatted import FormattedText, ParseError
from playground.entities.html import parse_html
from playground.entities.markdown import parse_markdown_v2
from playground.entities.markdown_legacy import parse_markdown

__all__ = [
    "FormattedText",
    "ParseError",
    "parse_html",
    "parse_markdown",
    "parse_markdown_v2",
    "with_found_entities",
]
