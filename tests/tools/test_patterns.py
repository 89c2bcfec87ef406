"""Patterns that see what people, files and services write take time that grows with its length alone."""

import ast
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.growth import grows_faster

_HOUSE = Path(__file__).parents[2]
_ROOMS = ("bot", "domain", "inference/text", "music", "storage")
_METHODS = ("compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")
# Put together when they are used: tests/music/test_growth.py and tests/bot/test_crisis.py measure what uses them.
_COMPOSED = [
    "bot/crisis/phrases.py",
    "music/sources/formats/csv_rows.py",
    "music/sources/formats/csv_rows.py",
]
# Only ever held against the beginning of a text, or the whole of it, and then linear. All others are searched for.
_HELD_AGAINST = (".*n't", r"((?:[^\s:]+\s+){0,4}")
# What the patterns look for, and what resembles it.
_EXAMPLES = (
    "Some  Artist - 'The Song' (feat. Other) [Official Video] | Live",
    "The Song - Remastered 2011 (2011 digital remaster version)",
    "Künstlername(n): “é” ft. x, y; z ·",
    '#EXTINF:203 a-b="c d",Artist - Title\r\n',
    "#PLAYLIST: x\n\n [playlist]\nfile12 = 01. a_b/c.mp3",
    '<?xml version = "1.0" encoding = "utf-8"?><A:b c-d=\'e\' f=g/>&amp;&#1;',
    "https://open.spotify.com/intl-de/user/x/playlist/0123456789abcdefABCDEF?state=x",
    "https://www.deezer.com/en-gb/playlist/0012 /a/sets/b /browse/playlist/pl.u-x/",
    "spotify:track:0123456789abcdefABCDEF 1:02:03.45 1.234.567,89",
    "1234567890:AAbbCCddEEffGGhhIIjjKKll not registered",
    "I don't, couldn't 'n' can't! 12 😀 camelCase",
)
_LONGEST_PIECE, _LENGTH, _QUICK_S = 3, 2_000, 0.004

Pattern = re.Pattern[str] | re.Pattern[bytes]


def _patterns() -> Iterator[tuple[str, Pattern | None]]:
    """Yield each module that has a pattern, with the pattern; None where that is no constant."""
    for file in (file for room in _ROOMS for file in sorted((_HOUSE / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), name), [first, *rest]) if name in _METHODS:
                    flags = [*(rest if name == "compile" else []), *(each.value for each in node.keywords)]
                    yield file.relative_to(_HOUSE).as_posix(), _compiled(first, flags)


def _compiled(pattern: ast.expr, flags: list[ast.expr]) -> Pattern | None:
    if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str | bytes):
        return None
    names = {node.attr for each in flags for node in ast.walk(each) if isinstance(node, ast.Attribute)}
    return re.compile(
        pattern.value, sum(re.RegexFlag[name] for name in names if name in re.RegexFlag.__members__)
    )


CONSTANT = {f"{place} {found.pattern!r}": found for place, found in _patterns() if found}


def _repeated(pattern: Pattern, before: str, piece: str, length: int) -> object:
    text = before + piece * (length // len(piece))
    found = pattern.match if any(part in str(pattern.pattern) for part in _HELD_AGAINST) else pattern.search
    return found(text.encode() if isinstance(pattern.pattern, bytes) else text)  # type: ignore[arg-type]


def _pumped() -> Iterator[tuple[str, str]]:
    """Yield beginnings and what to repeat after them: each piece of the examples, by itself and where it stands."""
    for text in _EXAMPLES:
        for at in range(len(text)):
            for end in range(at + 1, min(at + _LONGEST_PIECE, len(text)) + 1):
                yield "", text[at:end]
                yield text[:at], text[at:end]


PUMPED = sorted(set(_pumped()))


def test_patterns_that_are_no_constants_are_known() -> None:
    assert sorted(place for place, found in _patterns() if found is None) == _COMPOSED


@pytest.mark.parametrize("place", CONSTANT)
def test_a_pattern_takes_time_that_grows_with_the_length_alone(place: str) -> None:
    pattern, slow = CONSTANT[place], []
    for before, piece in PUMPED:
        begin = time.process_time()
        _repeated(pattern, before, piece, _LENGTH)
        if time.process_time() - begin > _QUICK_S and grows_faster(
            partial(_repeated, pattern, before, piece), _LENGTH // 10
        ):
            slow.append(before + piece)
    assert slow == []


def test_a_pattern_whose_time_grows_with_the_square_is_noticed() -> None:
    assert grows_faster(partial(_repeated, re.compile(r"\s*,"), "", " "), _LENGTH // 4)
