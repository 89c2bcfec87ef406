"""A line of text as numbers of its words and word pairs, the same for training and for reading."""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LONGEST = 4096  # characters, as long as Telegram's messages; what follows is not read
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]")  # words, numbers, single signs (emoji too)


def tokens(text: str) -> list[str]:
    """Lower-case words with their apostrophes, numbers and signs."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace("’", "'").lower()
    return _TOKEN.findall(plain)


def numbers(words: list[str], count: int) -> NDArray[np.int64]:
    """Numbers below `count` of the tokens and of the pairs of neighbours, each once, in ascending order.

    They are hashed (Weinberger et al. 2009), so that no list of words has to be kept; a few share a number.
    """
    return np.array(sorted({zlib.crc32(term.encode()) % count for term in _terms(words)}), np.int64)


def _terms(words: list[str]) -> Iterator[str]:
    yield from (f"1 {word}" for word in words)
    yield from (f"2 {a} {b}" for a, b in pairwise(["", *words, ""]))
