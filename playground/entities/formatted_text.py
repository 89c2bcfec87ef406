"""A text with entities, and the builder that the parsers share."""

from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]


class ParseError(Exception):
    """A markup that Telegram refuses; the message is Telegram's own wording."""


@dataclass(frozen=True)
class FormattedText:
    """A text and its entities (Bot API ``MessageEntity`` objects; offsets and lengths in UTF-16 units)."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "FormattedText":
        """Without white space around it, as Telegram stores texts."""
        left = len(self.text) - len(self.text.lstrip())
        shift = utf16_length(self.text[:left])
        text = self.text.strip()
        end = utf16_length(text)
        moved = (_clipped(entity, shift, end) for entity in self.entities)
        return FormattedText(text, tuple(entity for entity in moved if entity["length"] > 0))

    def as_fields(self, text: str = "text", entities: str = "entities") -> dict[str, Any]:
        """Return the fields of a message under these two names; without entities only the text."""
        fields: dict[str, Any] = {text: self.text}
        return fields | ({entities: list(self.entities)} if self.entities else {})


def _clipped(entity: Entity, shift: int, end: int) -> Entity:
    start = min(max(entity["offset"] - shift, 0), end)
    stop = min(max(entity["offset"] + entity["length"] - shift, 0), end)
    return {**entity, "offset": start, "length": stop - start}


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, the unit of Telegram's offsets."""
    return len(text) + sum(c > "\uffff" for c in text)


def byte_offset(text: str, index: int) -> int:
    """The UTF-8 byte at which a character begins, the unit of Telegram's parse errors."""
    return len(text[:index].encode("utf-8", "surrogatepass"))


def sorted_entities(entities: list[Entity]) -> tuple[Entity, ...]:
    """In Telegram's order: by offset, the longer first."""
    return tuple(sorted(entities, key=lambda e: (e["offset"], -e["length"])))


class Output:
    """The plain text as it grows, with its length in UTF-16 units at hand."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0

    def add(self, text: str) -> None:
        self._parts.append(text)
        self.length += utf16_length(text)

    def text(self) -> str:
        return "".join(self._parts)

    def since(self, mark: int) -> str:
        """What was added since the UTF-16 offset `mark`."""
        return self.text().encode("utf-16-le")[2 * mark :].decode("utf-16-le")
