"""parse_mode MarkdownV2, with Telegram's own complaints."""

import re
from dataclasses import dataclass

from playground.entities.formatted_text import (
    Entity,
    FormattedText,
    Output,
    ParseError,
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
_ENDS = {kind: mark for mark, kind in _MARKS.items()} | {"custom_emoji": "]", "text_link": "]"}
# What Telegram calls them when it cannot find their end.
_NAMES = {
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
_ONE_NEW_LINE = re.compile(r"\r\n|\n\r|\n|\r")


@dataclass(frozen=True)
class _Open:
    kind: str
    offset: int
    at: int
    language: str = ""


def parse_markdown_v2(markup: str) -> FormattedText:
    """The text without its marks, and their entities. Raises ParseError in Telegram's words."""
    return _MarkdownV2(markup).parse()


class _MarkdownV2:
    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._at = 0
        self._out = Output()
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._at < len(self._markup):
            self._step()
        if self._open and self._open[-1].kind == "blockquote":
            self._finish(self._open.pop())
        if self._open:
            self._fail_unclosed()
        return FormattedText(self._out.text(), sorted_entities(self._entities))

    def _step(self) -> None:
        character = self._markup[self._at]
        if character == "\\" and "\0" < self._markup[self._at + 1 : self._at + 2] <= "~":
            self._out.add(self._markup[self._at + 1])
            self._at += 2
        elif self._inside("code", "pre"):
            self._close_or_copy()
        elif character == "\n":
            self._new_line()
        elif character == ">" and self._at_start_of_line():
            self._start_quote()
        elif character in _RESERVED:
            self._mark()
        else:
            self._copy()

    def _inside(self, *kinds: str) -> bool:
        return bool(self._open) and self._open[-1].kind in kinds

    def _copy(self) -> None:
        self._out.add(self._markup[self._at])
        self._at += 1

    def _close_or_copy(self) -> None:
        """Code is copied as it is up to its end mark."""
        if self._markup.startswith(_ENDS[self._open[-1].kind], self._at):
            self._close()
        else:
            self._copy()

    def _mark(self) -> None:
        if self._open and self._ends_here(self._open[-1].kind):
            self._close()
            return
        for mark, kind in _MARKS.items():
            if self._markup.startswith(mark, self._at):
                self._start(kind, mark)
                return
        raise ParseError(
            f"Character '{self._markup[self._at]}' is reserved and must be escaped with the preceding '\\'"
        )

    def _ends_here(self, kind: str) -> bool:
        # "__" inside italic opens an underline: the two-letter mark is read first.
        if kind == "italic" and self._markup.startswith("__", self._at):
            return False
        return kind != "blockquote" and self._markup.startswith(_ENDS[kind], self._at)

    def _start(self, kind: str, mark: str) -> None:
        begin = self._at
        self._at += len(mark)
        language = self._fence_language() if kind == "pre" else ""
        self._open.append(_Open(kind, self._out.length, begin, language))

    def _fence_language(self) -> str:
        found = _FENCE_LANGUAGE.match(self._markup, self._at)
        self._at = found.end() if found else self._at
        if line := _ONE_NEW_LINE.match(self._markup, self._at):
            self._at = line.end()
        return found.group(1) if found else ""

    def _close(self) -> None:
        opened = self._open.pop()
        self._at += len(_ENDS[opened.kind])
        self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        inner = self._out.since(opened.offset)
        entity: Entity | None = {"type": opened.kind}
        if opened.kind == "text_link":
            url = self._target() if self._markup.startswith("(", self._at) else inner
            entity = {"type": "text_link", "url": url} if "." in url or ":" in url else None
        elif opened.kind == "custom_emoji":
            entity = {"type": "custom_emoji", "custom_emoji_id": self._emoji_id()}
        elif opened.language:
            entity = {"type": "pre", "language": opened.language}
        if entity and inner:
            length = self._out.length - opened.offset
            self._entities.append({**entity, "offset": opened.offset, "length": length})

    def _target(self) -> str:
        """The address in parentheses after a link's text."""
        found = re.compile(r"\(((?:\\.|[^)\\])*)\)", re.DOTALL).match(self._markup, self._at)
        if not found:
            raise ParseError(
                f"Can't find end of a URL at byte offset {byte_offset(self._markup, self._at + 1)}"
            )
        self._at = found.end()
        return re.sub(r"\\(.)", r"\1", found.group(1), flags=re.DOTALL)

    def _emoji_id(self) -> str:
        if not self._markup.startswith("(", self._at):
            raise ParseError("Custom emoji entity must contain a tg://emoji URL")
        found = re.fullmatch(r"tg://emoji\?id=(\d+)", self._target())
        if not found:
            raise ParseError("Custom emoji URL must have an emoji identifier")
        return found.group(1)

    def _at_start_of_line(self) -> bool:
        return self._at == 0 or self._markup[self._at - 1] == "\n"

    def _start_quote(self) -> None:
        if not any(opened.kind == "blockquote" for opened in self._open):
            self._open.append(_Open("blockquote", self._out.length, self._at))
        self._at += 1

    def _new_line(self) -> None:
        """A line that does not begin with ">" ends the quotation, and everything in it must have ended."""
        quoted = any(opened.kind == "blockquote" for opened in self._open)
        if quoted and not self._markup.startswith(">", self._at + 1):
            if not self._inside("blockquote"):
                self._fail_unclosed()
            self._finish(self._open.pop())
        self._copy()

    def _fail_unclosed(self) -> None:
        opened = self._open[-1]
        name = "PreCode" if opened.language else _NAMES[opened.kind]
        raise ParseError(
            f"Can't find end of {name} entity at byte offset {byte_offset(self._markup, opened.at)}"
        )
