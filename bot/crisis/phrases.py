"""The search of typed text for the phrases of the lists, one file a language; en.txt says how to write one."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_ADDRESS = re.compile(r"https?://\S+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´＇]")
# What tells a title from a sentence: quotation marks, and the end of a clause.
_SIGNS = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("!?,;:\n", "."))
_TOKENS = re.compile(r'[^\W_]+|[".]')


# What is stored of an update in place of words that ask for help.
STAND_IN = "/help_line"


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Hold a language's short forms, what is taken out of a text, and what is then looked for.

    All of it stands between single spaces.
    """

    short: dict[str, str]
    harmless: re.Pattern[str]
    alarming: re.Pattern[str]

    def occur_in(self, text: str) -> bool:
        """Return whether a text, as `_normalised` returns it, has an alarming phrase outside of the harmless ones."""
        words = _between_single_spaces(self.short.get(word, word) for word in text.split())
        left = self.harmless.sub(" | ", words)  # which no phrase reaches across
        plain = _between_single_spaces(word for word in left.split() if word not in ('"', "."))
        return self.alarming.search(plain) is not None


def asks_for_help(text: str) -> bool:
    """Return whether a text has words of self-harm or a call for help, in any of the languages."""
    if text == STAND_IN:
        return True
    normalised = _normalised(text)
    return any(phrases.occur_in(normalised) for phrases in _phrases())


def _normalised(text: str) -> str:
    """Reduce a text to small letters, digits, quotation marks and full stops, single spaces between and around them.

    Addresses are left out: nobody says what a link is called.
    """
    plain = _APOSTROPHES.sub("", _ADDRESS.sub(" . ", text))
    plain = unicodedata.normalize("NFKC", plain).casefold().translate(_SIGNS)
    return _between_single_spaces([".", *_TOKENS.findall(plain), "."])


def _between_single_spaces(words: Iterable[str]) -> str:
    return f" {' '.join(filter(None, words))} "


@cache
def _phrases() -> tuple[_Phrases, ...]:
    lists = files("bot.crisis").iterdir()
    return tuple(_read(file) for file in lists if file.name.endswith(".txt"))


def _read(file: Traversable) -> _Phrases:
    lines = [line for line in map(str.strip, file.read_text("utf-8").splitlines()) if line and line[0] != "#"]
    harmless = [line[1:] for line in lines if line[0] == "!"]
    short = [line.partition("=") for line in lines if "=" in line]
    alarming = _any_of(re.escape(line) for line in lines if line[0] != "!" and "=" not in line)
    return _Phrases(
        {form.strip(): full.strip() for form, _, full in short},
        _whole_words(_any_of(_harmless_pattern(line, alarming) for line in harmless)),
        _whole_words(alarming),
    )


def _harmless_pattern(line: str, alarming: str) -> str:
    """Return the pattern of a harmless phrase; a * takes the alarming one that follows at once, quoted or not."""
    return re.escape(line[:-1]) + f'(?:" )?{alarming}' if line.endswith("*") else re.escape(line)


def _any_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns) or '(?!)'})"


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?<= ){pattern}(?= )")
