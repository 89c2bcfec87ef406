"""A logistic regression on hashed words and word pairs. scikit-learn is a training extra."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from inference.fusion.rules import Array
from inference.text.features import numbers, tokens
from inference.text.model import BIAS, WEIGHT
from training.text.data import Lines

COUNT = 2**17  # numbers that words are hashed to
# Inverse of the penalty; with 3, mean recall was 1.7 points lower. Rare emotions weigh more, by the root of what would
# even them out: all alike, mean recall was 13 points lower, for .02 nats less.
_STRENGTH = 10.0
_EVEN = 0.5
_ITERATIONS = 60  # stopping early is part of the penalty


def matrix(texts: list[str]) -> csr_matrix:
    """Features [n, COUNT]: 1 / root of how many there are at each number that a text has."""
    found = [numbers(tokens(text), COUNT) for text in texts]
    lengths = np.array([len(row) for row in found])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((values, np.concatenate(found), starts), shape=(len(texts), COUNT))


def fit(lines: Lines) -> dict[str, NDArray[np.float32]]:
    """Weight [COUNT, 7] and bias [7] of a classifier; a line with several emotions counts in part for each."""
    rows, labels = np.nonzero(lines.shares)
    shares = lines.shares[rows, labels]
    counts = np.bincount(labels, shares)
    weights = shares * (counts.mean() / counts[labels]) ** _EVEN
    regression = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS, tol=1e-3)
    regression.fit(matrix(lines.texts)[rows], labels, sample_weight=weights)
    return {
        WEIGHT: np.ascontiguousarray(regression.coef_.T, np.float32),
        BIAS: regression.intercept_.astype(np.float32),
    }


def logits(tensors: dict[str, NDArray[np.float32]], texts: list[str]) -> Array:
    """[n, 7] for texts."""
    out: Array = matrix(texts) @ tensors[WEIGHT].astype(float) + tensors[BIAS]
    return out
