"""Fit a logistic regression to hashed words and word pairs."""

import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from inference.fusion.rules import Array
from inference.text.features import hashed_terms, tokens, word_id
from inference.text.model import BIAS, KNOWN, WEIGHT
from training.text.data import Lines

COUNT = 2**17  # numbers that words are hashed to
# Inverse of the penalty. Rare emotions weigh more, by a power of what would even them out. With 5 and .5 accuracy was a
# point higher and mean recall 1.7 lower; with 10, .5 and half the iterations log loss was .04 nats more.
_STRENGTH = 3.0
_EVEN = 0.7
# A word of two lines is an English one, an emoji of five can be read alone: fewer teach nothing certain.
_WORD_LINES, _EMOJI_LINES = 2, 5
_EMOJI = re.compile("[☹-☻♥❤\U0001f300-\U0001f3fa\U0001f400-\U0001faff]")
_ITERATIONS = 120  # stopping early is part of the penalty


def matrix(texts: list[str]) -> csr_matrix:
    """Return features [n, COUNT]: 1 / root of how many a text has, at each number that it has."""
    found = [hashed_terms(tokens(text), COUNT) for text in texts]
    lengths = np.array([len(row) for row in found])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((values, np.concatenate(found), starts), shape=(len(texts), COUNT))


def known(texts: list[str]) -> NDArray[np.int64]:
    """Return identities of the words and emoji that texts have often enough, in ascending order."""
    lines = Counter(token for text in texts for token in set(tokens(text)))
    words = [word for word, count in lines.items() if word[0].isalpha() and count >= _WORD_LINES]
    emoji = [sign for sign, count in lines.items() if _EMOJI.fullmatch(sign) and count >= _EMOJI_LINES]
    return np.array(sorted(word_id(token) for token in words + emoji), np.int64)


def with_emoji_alone(lines: Lines) -> Lines:
    """Add each line with emoji once more as these alone, so that they can be read without words."""
    alone = [" ".join(filter(_EMOJI.fullmatch, tokens(text))) for text in lines.texts]
    found = np.array([bool(emoji) for emoji in alone])
    return Lines(lines.texts + list(filter(None, alone)), np.vstack([lines.shares, lines.shares[found]]))


def fit(lines: Lines) -> dict[str, NDArray[Any]]:
    """Return weight [COUNT, 7] and bias [7] of a classifier, and the words and emoji that it knows.

    A line with several emotions counts in part for each.
    """
    extended = with_emoji_alone(lines)
    rows, labels = np.nonzero(extended.shares)
    shares = extended.shares[rows, labels]
    counts = np.bincount(labels, shares)
    weights = shares * (counts.mean() / counts[labels]) ** _EVEN
    regression = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS, tol=1e-3)
    regression.fit(matrix(extended.texts)[rows], labels, sample_weight=weights)
    return {
        WEIGHT: np.ascontiguousarray(regression.coef_.T, np.float32),
        BIAS: regression.intercept_.astype(np.float32),
        KNOWN: known(lines.texts),
    }


def logits(tensors: dict[str, NDArray[Any]], texts: list[str]) -> Array:
    """Return logits [n, 7] of texts by what `fit` returned."""
    out: Array = matrix(texts) @ tensors[WEIGHT].astype(float) + tensors[BIAS]
    return out
