"""Turn a line of text into numbers of its words and word pairs, the same for training and for reading."""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MAX_CHARACTERS = 4096  # characters, as long as Telegram's messages; what follows is not read
_NEGATION_REACH = 3  # words after a negation that it negates, where no sign ends it before
_NEGATION = re.compile(
    "not|no|never|without|hardly|barely|nothing|nobody|none|neither|nor|cannot|.*n't|dont|doesnt|didnt|isnt|arent|"
    "wasnt|werent|aint|cant|couldnt|wont|wouldnt|shouldnt"
)
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]")  # words, numbers, single signs (emoji too)


# Emoji that say the same: each row is read as its first. Alone most are too rare to learn.
_EMOJI_SYNONYMS = (
    "😀🙂😊☺😁😄😃😆😇🤗😌😎",
    "❤♥💕💜💙💚💛🧡💖💗😍🥰😘",
    "😂🤣",
    "😢😥😞😔☹🙁😟😿💔😓😪🥺",
    "😡😠😤🤬👿",
    "😨😱😰😧",
    "🤢🤮",
    "😮😲😯😳🤯",
)
_CANONICAL_EMOJI = str.maketrans({sign: row[0] for row in _EMOJI_SYNONYMS for sign in row[1:]})


def tokens(text: str) -> list[str]:
    """Return lower-case words with their apostrophes, numbers and signs; emoji that say the same become one."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).replace("’", "'").lower()
    return _TOKEN.findall(plain.translate(_CANONICAL_EMOJI))


def mark_negations(words: list[str]) -> list[str]:
    """Put a - before each word that a negation reaches, so that it has a number of its own (Das and Chen 2001)."""
    out, left = [], 0
    for word in words:
        starts = is_negation(word)
        out.append(f"-{word}" if left and word[0].isalpha() and not starts else word)
        left = _NEGATION_REACH if starts else max(left - word[0].isalpha(), 0) if word[0].isalnum() else 0
    return out


def is_negation(word: str) -> bool:
    """Tell whether a token negates what follows it."""
    return _NEGATION.fullmatch(word) is not None


def word_id(word: str) -> int:
    """Return a number of 32 bits that stands for a word in lists of known ones."""
    return zlib.crc32(word.encode())


def hashed_terms(words: list[str], count: int) -> NDArray[np.int64]:
    """Return numbers below `count` for the tokens and the pairs of neighbours, each once, in ascending order.

    They are hashed (Weinberger et al. 2009), so that no list of words has to be kept; a few share a number.
    """
    return np.array(sorted({zlib.crc32(term.encode()) % count for term in _terms(words)}), np.int64)


def _terms(words: list[str]) -> Iterator[str]:
    marked = mark_negations(words)
    yield from (f"1 {word}" for word in marked)
    yield from (f"2 {a} {b}" for a, b in pairwise(["", *marked, ""]))
