"""Parser for parse_mode Markdown, the old one: no nesting, no underline, and few errors."""

import re

from playground.entities.formatted_text import (
    Entity,
    FormattedText,
    ParseError,
    TextBuilder,
    byte_offset,
    sorted_entities,
)

_ENTITY_TYPES = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}
_MARK = re.compile(r"\\([_*`\[])|```|[_*`\[]")
_ADDRESS = re.compile(r"\(([^)]*)\)?")
_FENCE_HEAD = re.compile(r"(?:([^\s`]+)(?=\s))?(?:\r\n|\n)?")


def parse_markdown(markup: str) -> FormattedText:
    """Return the text without its marks, and the entities that they stand for. Raises ParseError."""
    text, at = TextBuilder(), 0
    entities: list[Entity] = []
    while found := _MARK.search(markup, at):
        text.add(markup[at : found.start()])
        if found.group(1):
            text.add(found.group(1))
            at = found.end()
        else:
            at = _read_entity(markup, found.start(), found.group(), text, entities)
    text.add(markup[at:])
    return FormattedText(text.text(), sorted_entities(entities))


def _read_entity(markup: str, begin: int, mark: str, text: TextBuilder, entities: list[Entity]) -> int:
    """Read a marked piece of text that begins at `begin`, and return where the text after it begins."""
    start, language = begin + len(mark), None
    if mark == "```" and (head := _FENCE_HEAD.match(markup, start)):
        start, language = head.end(), head.group(1)
    closing = "]" if mark == "[" else mark
    end = markup.find(closing, start)
    if end < 0:
        at = byte_offset(markup, begin)
        raise ParseError(f"Can't find end of the entity starting at byte offset {at}")
    offset, inner = text.length, markup[start:end]
    text.add(inner)
    entity: Entity = {"type": _ENTITY_TYPES[mark], "offset": offset, "length": text.length - offset}
    end += len(closing)
    if mark == "[":
        address = _ADDRESS.match(markup, end)
        entity["url"] = address.group(1) if address else inner
        end = address.end() if address else end
    if language:
        entity["language"] = language
    if entity["length"] and ("url" not in entity or re.search(r"[.:]", entity["url"])):
        entities.append(entity)
    return end
