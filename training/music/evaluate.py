"""Measure how well moods are heard in music by artists never met, beside plain loudness and tempo."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from music.moods.prior import PRIOR_SD
from music.sound.classifier import QuadrantClassifier, mood_from_probabilities
from training.music.clips import QUADRANTS, Clips, Floats, Ints
from training.music.fit import fit, folds

FOLDS, DRAWS = 10, 5


def cross_validated(clips: Clips, seed: int, draws: int = DRAWS) -> dict[str, Any]:
    """Return figures over FOLDS folds without a shared artist, each the mean of so many ways to draw these."""
    figures: dict[str, Any] = _mean([_drawn(clips, seed + n) for n in range(draws)])
    return figures


def _mean(each: Sequence[Any]) -> Any:
    """Return the mean of numbers, or of dictionaries of them by name."""
    if isinstance(each[0], dict):
        return {name: _mean([one[name] for one in each]) for name in each[0]}
    return round(fmean(each), 3)


def _drawn(clips: Clips, seed: int) -> dict[str, Any]:
    machine, simple = np.zeros((len(clips.y), 2)), np.zeros((len(clips.y), 2))
    for train, test in folds(clips, FOLDS, seed):
        machine[test] = odds_of(fit(clips, train, seed), clips.x[test])
        for axis in range(2):
            plain = make_pipeline(StandardScaler(), LogisticRegression())
            plain.fit(clips.simple[train], clips.high[train, axis])
            simple[test, axis] = plain.predict_proba(clips.simple[test])[:, 1]
    return {"machine": figures(clips, machine), "loudness and tempo": figures(clips, simple)}


def odds_of(machine: QuadrantClassifier, x: Floats) -> Floats:
    """Return probabilities of high arousal and of high valence, [n, 2]."""
    return np.array([machine.probabilities(torch.from_numpy(row).float()) for row in x])


def figures(clips: Clips, odds: Floats) -> dict[str, Any]:
    """Return figures of quadrants and of both axes for `odds` [n, 2].

    `spread_ratio` is the moods' error over the deviation they claim (1 is right).
    """
    high = clips.high
    answers = [list(QUADRANTS.values()).index(tuple(pair)) for pair in (odds > 0.5).astype(int).tolist()]
    arousal, valence = (
        {
            "auc": float(roc_auc_score(high[:, axis], odds[:, axis])),
            "right": float(((odds[:, axis] > 0.5) == high[:, axis]).mean()),
        }
        for axis in range(2)
    )
    return {
        "quadrant_macro_f1": float(f1_score(clips.y, answers, average="macro")),
        "arousal": arousal,
        "valence": valence,
        "spread_ratio": _spread_ratio(high, odds),
    }


def _spread_ratio(high: Ints, odds: Floats) -> float:
    """Return the root mean square of (truth - mean) / deviation over both axes.

    The truth of a side is the middle of its half.
    """
    half = PRIOR_SD * np.sqrt(2 / np.pi)
    within = PRIOR_SD**2 - half**2  # how far pieces of one side lie from its middle
    squares = []
    for truth, (arousal, valence) in zip(np.where(high, half, -half), odds, strict=True):
        mood = mood_from_probabilities(arousal, valence)
        squares.append(((truth[0] - mood.affect.arousal) ** 2 + within) / mood.sd_arousal**2)
        squares.append(((truth[1] - mood.affect.valence) ** 2 + within) / mood.sd_valence**2)
    return float(np.sqrt(np.mean(squares)))
