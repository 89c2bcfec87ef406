"""Typed text against the lists of phrases, one file a language."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What is looked for, and what is taken out before; each with a space on either side."""

    alarming: tuple[str, ...]
    harmless: tuple[str, ...]


def asks_for_help(text: str) -> bool:
    """Whether a text has words of self-harm or a call for help, in any of the languages."""
    words, phrases = _spaced(text), _phrases()
    for harmless in phrases.harmless:
        words = words.replace(harmless, " | ")  # which no phrase reaches across
    return any(alarming in words for alarming in phrases.alarming)


def _spaced(text: str) -> str:
    """Small letters and digits, one space between words and around them all."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return f" {_SIGNS.sub(' ', _APOSTROPHES.sub('', plain)).strip()} "


@cache
def _phrases() -> _Phrases:
    found: tuple[list[str], list[str]] = [], []
    for file in files("bot.crisis").iterdir():
        if file.name.endswith(".txt"):
            for line in filter(None, map(str.strip, file.read_text("utf-8").splitlines())):
                if not line.startswith("#"):
                    found[line.startswith("!")].append(_spaced(line))
    return _Phrases(tuple(found[0]), tuple(found[1]))
