"""Fit the model: support vectors for four quadrants, and a calibration of their votes on clips it never saw."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import SVC

from music.sound.classifier import LIMIT, PAIRS, QuadrantClassifier
from training.music.clips import Clips, Floats, Ints

# By cross-validation; doubling one and halving the other changes less than other folds do. The kernel's width is
# in units of one over the number of statistics.
_C, _GAMMA = 1.5, 0.6
_CALIBRATION_FOLDS = 5


def folds(clips: Clips, count: int, seed: int, among: Ints | None = None) -> Iterator[tuple[Ints, Ints]]:
    """Yield numbers of training and test clips of those `among`, `count` times; no artist is on both sides."""
    own = np.arange(len(clips.y)) if among is None else among
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    for train, test in splitter.split(own, clips.y[own], clips.artists[own]):
        yield own[train], own[test]


def fit(clips: Clips, among: Ints, seed: int) -> QuadrantClassifier:
    """Fit a model that knows the clips `among` only."""
    votes = np.zeros((len(among), len(PAIRS)))
    place = {clip: at for at, clip in enumerate(among)}
    for train, test in folds(clips, _CALIBRATION_FOLDS, seed, among):
        machine, standardised = _fit_votes(clips, train)
        votes[[place[clip] for clip in test]] = machine.decision_function(standardised(clips.x[test]))
    machine, _ = _fit_votes(clips, among)
    return _exported(clips.x[among], machine, *_odds(votes, clips.y[among]))


def _odds(votes: Floats, y: Ints) -> tuple[Floats, Floats]:
    """Return slopes [6] and biases [6] of the log odds that votes [n, 6] stand for (Platt 1999).

    Each pair of quadrants is fitted to clips of these two.
    """
    lines = []
    for number, pair in enumerate(PAIRS):
        own = np.isin(y, pair)
        lines.append(LogisticRegression().fit(votes[own, number, None], y[own] == pair[0]))
    return np.array([line.coef_[0, 0] for line in lines]), np.array([line.intercept_[0] for line in lines])


def _fit_votes(clips: Clips, train: Ints) -> tuple[Any, Any]:
    mean, scale = _moments(clips.x[train])

    def standardised(x: Floats) -> Floats:
        return np.clip((x - mean) / scale, -LIMIT, LIMIT)

    machine = SVC(C=_C, gamma=_GAMMA / clips.x.shape[1], decision_function_shape="ovo")
    return machine.fit(standardised(clips.x[train]), clips.y[train]), standardised


def _moments(x: Floats) -> tuple[Floats, Floats]:
    return x.mean(0), x.std(0) + 1e-6


def _exported(x: Floats, machine: Any, slopes: Floats, biases: Floats) -> QuadrantClassifier:
    mean, scale = _moments(x)
    return QuadrantClassifier(
        mean=_tensor(mean),
        scale=_tensor(scale),
        vectors=_tensor(machine.support_vectors_),
        votes=_tensor(_votes(machine)),
        offsets=_tensor(machine.intercept_),
        slopes=_tensor(slopes),
        biases=_tensor(biases),
        gamma=_GAMMA / x.shape[1],
    )


def _votes(machine: Any) -> Floats:
    """Return the weights of the vectors for each pair of classes.

    libsvm keeps each class' against all others in one table.
    """
    owner = np.repeat(np.arange(4), machine.n_support_)
    columns = [
        np.where(owner == i, machine.dual_coef_[j - 1], np.where(owner == j, machine.dual_coef_[i], 0.0))
        for i, j in PAIRS
    ]
    return np.stack(columns, 1)


def _tensor(values: Floats) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).float()
