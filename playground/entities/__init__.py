"""Texts and their entities: what the bot marks up, and what Telegram finds by itself."""

from playground.entities.detection import with_found_entities
from playground.entities.formatted_text import FormattedText, ParseError
from playground.entities.html import parse_html
from playground.entities.markdown_legacy import parse_markdown
from playground.entities.markdown_v2 import parse_markdown_v2

__all__ = [
    "FormattedText",
    "ParseError",
    "parse_html",
    "parse_markdown",
    "parse_markdown_v2",
    "with_found_entities",
]
