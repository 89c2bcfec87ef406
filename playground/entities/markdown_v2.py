"""Parser for parse_mode MarkdownV2; its errors are worded as Telegram words them."""

import re
from dataclasses import dataclass

from playground.entities.formatted_text import (
    Entity,
    FormattedText,
    ParseError,
    TextBuilder,
    byte_offset,
    sorted_entities,
)

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
# Longest first, so that "__" is not read as two "_".
_MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
_END_MARKS = {kind: mark for mark, kind in _MARKS.items()} | {"custom_emoji": "]", "text_link": "]"}
# What Telegram calls the entities when it cannot find their end.
_ERROR_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_FENCE_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_NEW_LINE = re.compile(r"\r\n|\n\r|\n|\r")


@dataclass(frozen=True)
class _OpenMark:
    kind: str  # the type of its entity
    offset: int  # where its text begins, in UTF-16 units
    at: int  # where the mark stands in the markup
    language: str = ""


def parse_markdown_v2(markup: str) -> FormattedText:
    """Return the text without its marks, and the entities that they stand for. Raises ParseError."""
    return _MarkdownV2Parser(markup).parse()


class _MarkdownV2Parser:
    """Parse one text in MarkdownV2 from its beginning to its end; `_at` is where reading goes on."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._at = 0
        self._text = TextBuilder()
        self._open_marks: list[_OpenMark] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._at < len(self._markup):
            self._read_next()
        if self._open_marks and self._open_marks[-1].kind == "blockquote":
            self._add_entity(self._open_marks.pop())
        if self._open_marks:
            self._fail_unclosed()
        return FormattedText(self._text.text(), sorted_entities(self._entities))

    def _read_next(self) -> None:
        character = self._markup[self._at]
        if character == "\\" and "\0" < self._markup[self._at + 1 : self._at + 2] <= "~":
            self._text.add(self._markup[self._at + 1])
            self._at += 2
        elif self._inside("code", "pre"):
            self._read_code()
        elif character == "\n":
            self._read_new_line()
        elif character == ">" and self._at_start_of_line():
            self._read_quote_mark()
        elif character in _RESERVED:
            self._read_mark()
        else:
            self._copy_character()

    def _inside(self, *kinds: str) -> bool:
        return bool(self._open_marks) and self._open_marks[-1].kind in kinds

    def _copy_character(self) -> None:
        self._text.add(self._markup[self._at])
        self._at += 1

    def _read_code(self) -> None:
        """Copy a character of code as it is, or close the code at its end mark."""
        if self._markup.startswith(_END_MARKS[self._open_marks[-1].kind], self._at):
            self._close()
        else:
            self._copy_character()

    def _read_mark(self) -> None:
        if self._open_marks and self._ends_here(self._open_marks[-1].kind):
            self._close()
            return
        for mark, kind in _MARKS.items():
            if self._markup.startswith(mark, self._at):
                self._start_entity(kind, mark)
                return
        raise ParseError(
            f"Character '{self._markup[self._at]}' is reserved and must be escaped with the preceding '\\'"
        )

    def _ends_here(self, kind: str) -> bool:
        # "__" inside italic opens an underline: the two-letter mark is read first.
        if kind == "italic" and self._markup.startswith("__", self._at):
            return False
        return kind != "blockquote" and self._markup.startswith(_END_MARKS[kind], self._at)

    def _start_entity(self, kind: str, mark: str) -> None:
        begin = self._at
        self._at += len(mark)
        language = self._read_fence_language() if kind == "pre" else ""
        self._open_marks.append(_OpenMark(kind, self._text.length, begin, language))

    def _read_fence_language(self) -> str:
        found = _FENCE_LANGUAGE.match(self._markup, self._at)
        self._at = found.end() if found else self._at
        if line := _NEW_LINE.match(self._markup, self._at):
            self._at = line.end()
        return found.group(1) if found else ""

    def _close(self) -> None:
        opened = self._open_marks.pop()
        self._at += len(_END_MARKS[opened.kind])
        self._add_entity(opened)

    def _add_entity(self, opened: _OpenMark) -> None:
        inner = self._text.text_from(opened.offset)
        entity: Entity | None = {"type": opened.kind}
        if opened.kind == "text_link":
            url = self._read_address() if self._markup.startswith("(", self._at) else inner
            entity = {"type": "text_link", "url": url} if "." in url or ":" in url else None
        elif opened.kind == "custom_emoji":
            entity = {"type": "custom_emoji", "custom_emoji_id": self._read_emoji_id()}
        elif opened.language:
            entity = {"type": "pre", "language": opened.language}
        if entity and inner:
            length = self._text.length - opened.offset
            self._entities.append({**entity, "offset": opened.offset, "length": length})

    def _read_address(self) -> str:
        """Read the address in parentheses after a link's text."""
        found = re.compile(r"\(((?:\\.|[^)\\])*)\)", re.DOTALL).match(self._markup, self._at)
        if not found:
            raise ParseError(
                f"Can't find end of a URL at byte offset {byte_offset(self._markup, self._at + 1)}"
            )
        self._at = found.end()
        return re.sub(r"\\(.)", r"\1", found.group(1), flags=re.DOTALL)

    def _read_emoji_id(self) -> str:
        if not self._markup.startswith("(", self._at):
            raise ParseError("Custom emoji entity must contain a tg://emoji URL")
        found = re.fullmatch(r"tg://emoji\?id=(\d+)", self._read_address())
        if not found:
            raise ParseError("Custom emoji URL must have an emoji identifier")
        return found.group(1)

    def _at_start_of_line(self) -> bool:
        return self._at == 0 or self._markup[self._at - 1] == "\n"

    def _read_quote_mark(self) -> None:
        if not any(opened.kind == "blockquote" for opened in self._open_marks):
            self._open_marks.append(_OpenMark("blockquote", self._text.length, self._at))
        self._at += 1

    def _read_new_line(self) -> None:
        """Read the end of a line.

        If the next line does not begin with ">", a quotation ends here, and everything in it must have ended.
        """
        quoted = any(opened.kind == "blockquote" for opened in self._open_marks)
        if quoted and not self._markup.startswith(">", self._at + 1):
            if not self._inside("blockquote"):
                self._fail_unclosed()
            self._add_entity(self._open_marks.pop())
        self._copy_character()

    def _fail_unclosed(self) -> None:
        opened = self._open_marks[-1]
        name = "PreCode" if opened.language else _ERROR_NAMES[opened.kind]
        raise ParseError(
            f"Can't find end of {name} entity at byte offset {byte_offset(self._markup, opened.at)}"
        )
