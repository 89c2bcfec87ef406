"""Parser for parse_mode HTML; its errors are worded as Telegram words them."""

import re
from dataclasses import dataclass
from typing import NoReturn

from playground.entities.formatted_text import (
    Entity,
    FormattedText,
    ParseError,
    TextBuilder,
    byte_offset,
    sorted_entities,
)

_ENTITY_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS_WITH_ATTRIBUTES = {"a", "span", "tg-emoji", "blockquote"}
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))|([a-zA-Z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)(?=[\s>])))?""")


@dataclass(frozen=True)
class _OpenTag:
    tag: str
    attributes: dict[str, str]
    offset: int  # where its text begins, in UTF-16 units


def parse_html(markup: str) -> FormattedText:
    """Return the text without its tags, and the entities that they stand for. Raises ParseError."""
    return _HtmlParser(markup).parse()


class _HtmlParser:
    """Parse one text in HTML from its beginning to its end; `_at` is where reading goes on."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._at = 0
        self._text = TextBuilder()
        self._open_tags: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._at < len(self._markup):
            if self._markup[self._at] == "&":
                self._read_reference()
            elif self._markup.startswith("</", self._at):
                self._read_end_tag()
            elif self._markup[self._at] == "<":
                self._read_start_tag()
            else:
                self._read_plain_text()
        if self._open_tags:
            raise ParseError(f'Can\'t find end tag corresponding to start tag "{self._open_tags[-1].tag}"')
        return FormattedText(self._text.text(), sorted_entities(self._entities))

    def _read_plain_text(self) -> None:
        ends = [end for c in "<&" if (end := self._markup.find(c, self._at)) >= 0]
        end = min(ends, default=len(self._markup))
        self._text.add(self._markup[self._at : end])
        self._at = end

    def _read_reference(self) -> None:
        found = _REFERENCE.match(self._markup, self._at)
        character = _referenced_character(*found.groups()) if found else ""
        if found and character:
            self._text.add(character)
            self._at = found.end()
        else:
            self._text.add("&")
            self._at += 1

    def _read_start_tag(self) -> None:
        begin = self._at
        found = _TAG_NAME.match(self._markup, begin + 1)
        tag = found.group().lower() if found else ""
        self._at = begin + 1 + len(tag)
        if self._at >= len(self._markup):
            self._fail("Unclosed start tag", begin)
        if tag not in _ENTITY_TYPES and tag not in _TAGS_WITH_ATTRIBUTES:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes = self._read_attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self._open_tags.append(_OpenTag(tag, attributes, self._text.length))

    def _read_attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while not (close := re.compile(r"\s*>").match(self._markup, self._at)):
            found = _ATTRIBUTE.match(self._markup, self._at)
            if not found:
                if not self._markup[self._at :].strip() or re.search(r"[\"'][^\"']*$", self._markup[begin:]):
                    self._fail("Unclosed start tag", begin)
                self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            name, *values = found.groups()
            attributes[name.lower()] = _unescaped(next((v for v in values if v is not None), ""))
            self._at = found.end()
        self._at = close.end()
        return attributes

    def _read_end_tag(self) -> None:
        begin = self._at
        if not self._open_tags:
            self._fail("Unexpected end tag", begin)
        found = re.compile(r"</([^\s>]*)\s*(>?)").match(self._markup, begin)
        if not found or not found.group(2):
            self._fail("Unclosed end tag", begin)
        tag, expected = found.group(1).lower(), self._open_tags[-1].tag
        if tag and tag != expected:
            at = byte_offset(self._markup, begin)
            raise ParseError(
                f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{tag}>"'
            )
        self._at = found.end()
        self._close(self._open_tags.pop())

    def _close(self, opened: _OpenTag) -> None:
        length = self._text.length - opened.offset
        entity = _entity(opened, self._text.text_from(opened.offset)) if length else None
        if entity is None:
            return
        span = {"offset": opened.offset, "length": length}
        if opened.tag == "pre" and (code := self._code_entity_at(span)):
            code["type"] = "pre"  # <pre><code class="language-x"> is one entity
        else:
            self._entities.append(entity | span)

    def _code_entity_at(self, span: Entity) -> Entity | None:
        return next((e for e in self._entities if e == e | span | {"type": "code"}), None)

    def _fail(self, message: str, begin: int) -> NoReturn:
        raise ParseError(f"{message} at byte offset {byte_offset(self._markup, begin)}")


def _entity(opened: _OpenTag, inner: str) -> Entity | None:
    """Return the entity of a tag without offset and length, None where Telegram drops it silently."""
    match opened.tag:
        case "a":
            url = opened.attributes.get("href") or inner
            return {"type": "text_link", "url": url} if "." in url or ":" in url else None
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": opened.attributes.get("emoji-id", "")}
        case "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"}
        case "span":
            return {"type": "spoiler"}
        case "code" if opened.attributes.get("class", "").startswith("language-"):
            return {"type": "code", "language": opened.attributes["class"].removeprefix("language-")}
        case tag:
            return {"type": _ENTITY_TYPES[tag]}


def _referenced_character(hexadecimal: str | None, decimal: str | None, name: str | None) -> str:
    """Return the character that a reference stands for, an empty string where the text stays as written."""
    if name:
        return _NAMED_CHARACTERS.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal or "0")
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(lambda found: _referenced_character(*found.groups()) or found.group(), value)
