"""parse_mode Markdown, the old one: no nesting, no underline, few complaints."""

import re

from playground.entities.formatted_text import (
    Entity,
    FormattedText,
    Output,
    ParseError,
    byte_offset,
    sorted_entities,
)

_KINDS = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}
_MARK = re.compile(r"\\([_*`\[])|```|[_*`\[]")
_TARGET = re.compile(r"\(([^)]*)\)?")
_FENCE_HEAD = re.compile(r"(?:([^\s`]+)(?=\s))?(?:\r\n|\n)?")


def parse_markdown(markup: str) -> FormattedText:
    """The text without its marks, and their entities. Raises ParseError in Telegram's words."""
    out, at = Output(), 0
    entities: list[Entity] = []
    while found := _MARK.search(markup, at):
        out.add(markup[at : found.start()])
        if found.group(1):
            out.add(found.group(1))
            at = found.end()
        else:
            at = _span(markup, found.start(), found.group(), out, entities)
    out.add(markup[at:])
    return FormattedText(out.text(), sorted_entities(entities))


def _span(markup: str, begin: int, mark: str, out: Output, entities: list[Entity]) -> int:
    """Reads one marked span, and returns where the text goes on."""
    start, language = begin + len(mark), None
    if mark == "```" and (head := _FENCE_HEAD.match(markup, start)):
        start, language = head.end(), head.group(1)
    closing = "]" if mark == "[" else mark
    end = markup.find(closing, start)
    if end < 0:
        at = byte_offset(markup, begin)
        raise ParseError(f"Can't find end of the entity starting at byte offset {at}")
    offset, inner = out.length, markup[start:end]
    out.add(inner)
    entity: Entity = {"type": _KINDS[mark], "offset": offset, "length": out.length - offset}
    end += len(closing)
    if mark == "[":
        target = _TARGET.match(markup, end)
        entity["url"] = target.group(1) if target else inner
        end = target.end() if target else end
    if language:
        entity["language"] = language
    if entity["length"] and ("url" not in entity or re.search(r"[.:]", entity["url"])):
        entities.append(entity)
    return end
