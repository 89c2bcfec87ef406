"""Texts with entities, and what the parsers of all markups share."""

from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]  # a Bot API ``MessageEntity``, offset and length in UTF-16 units


class ParseError(Exception):
    """Report markup that Telegram refuses; the message is Telegram's own wording."""


@dataclass(frozen=True)
class FormattedText:
    """Hold a text and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "FormattedText":
        """Return the text as Telegram stores it, without white space around it, and its entities moved."""
        left = len(self.text) - len(self.text.lstrip())
        shift = utf16_length(self.text[:left])
        text = self.text.strip()
        end = utf16_length(text)
        moved = (_clipped(entity, shift, end) for entity in self.entities)
        return FormattedText(text, tuple(entity for entity in moved if entity["length"] > 0))

    def as_fields(self, text_name: str = "text", entities_name: str = "entities") -> dict[str, Any]:
        """Return the text and its entities as fields of a message; without entities only the text."""
        fields: dict[str, Any] = {text_name: self.text}
        return fields | ({entities_name: list(self.entities)} if self.entities else {})


def _clipped(entity: Entity, shift: int, end: int) -> Entity:
    """Return an entity moved left by `shift` and cut off at `end`, both in UTF-16 units."""
    start = min(max(entity["offset"] - shift, 0), end)
    stop = min(max(entity["offset"] + entity["length"] - shift, 0), end)
    return {**entity, "offset": start, "length": stop - start}


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, the unit of Telegram's offsets."""
    return len(text) + sum(c > "\uffff" for c in text)


def byte_offset(text: str, index: int) -> int:
    """Return the UTF-8 byte at which a character begins, the unit of Telegram's parse errors."""
    return len(text[:index].encode("utf-8", "surrogatepass"))


def sorted_entities(entities: list[Entity]) -> tuple[Entity, ...]:
    """Return entities in Telegram's order: by offset, and of those at one offset the longer first."""
    return tuple(sorted(entities, key=lambda e: (e["offset"], -e["length"])))


class TextBuilder:
    """Collect the plain text of a markup while it is parsed; `length` is its length in UTF-16 units."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0

    def add(self, text: str) -> None:
        """Append text."""
        self._parts.append(text)
        self.length += utf16_length(text)

    def text(self) -> str:
        """Return all that was added."""
        return "".join(self._parts)

    def text_from(self, offset: int) -> str:
        """Return the text from an offset in UTF-16 units on."""
        return self.text().encode("utf-16-le")[2 * offset :].decode("utf-16-le")
