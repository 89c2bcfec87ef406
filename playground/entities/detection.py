"""The entities that Telegram finds by itself in any text: commands, links, mentions, hashtags, addresses."""

import re

from playground.entities.formatted_text import Entity, FormattedText, sorted_entities, utf16_length

_PATTERNS = (
    ("url", re.compile(r"(?<![\w@.])(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,:;!?()'\[\]{}]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    # Domains without a scheme, of the most common top-level domains; Telegram knows all of them.
    (
        "url",
        re.compile(
            r"(?<![\w@./])(?:[\w-]+\.)+(?:com|org|net|me|io|dev|app|link|fm|de|fr|es|it|uk|ru|eu)(?:/[^\s<>\"]*[^\s<>\".,:;!?()])?(?![\w.-])",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/@<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/@])")),
    ("mention", re.compile(r"(?<![\w@/])@[a-zA-Z][a-zA-Z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)


def with_detected_entities(formatted: FormattedText) -> FormattedText:
    """Return the text with detected entities added, except inside code, links and each other."""
    occupied = [e for e in formatted.entities if e["type"] in ("code", "pre", "text_link", "text_mention")]
    detected: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(formatted.text):
            entity = _entity(kind, formatted.text, match)
            if not any(_overlaps(entity, other) for other in (*occupied, *detected)):
                detected.append(entity)
    return FormattedText(formatted.text, sorted_entities([*formatted.entities, *detected]))


def _entity(kind: str, text: str, match: re.Match[str]) -> Entity:
    return {
        "type": kind,
        "offset": utf16_length(text[: match.start()]),
        "length": utf16_length(match.group()),
    }


def _overlaps(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )
