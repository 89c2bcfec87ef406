"""Texts with entities: the markup of a bot parsed, and links and the like found as Telegram finds them."""

from playground.entities.detection import with_detected_entities
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
    "with_detected_entities",
]
