"""What all languages do alike with texts from outside before they stand in a sentence."""

from html import escape

_LONGEST_NAME = 100  # characters: five tracks must fit into one message


def name_in_html(name: str) -> str:
    """Cut the name of a track or a list to a length that fits, and escape it for Telegram's HTML."""
    return escape(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")
