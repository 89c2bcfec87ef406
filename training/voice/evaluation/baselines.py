"""Measure what the voice net has to beat.

That is acoustic statistics, and its teacher's frozen layers, with a linear classifier.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.voice.decode import RATE, Sound
from inference.voice.net import LABELS
from training.calibration import summary
from training.voice.data.clips import Clip
from training.voice.distillation.teacher import WIDTH
from training.voice.evaluation.functionals import functionals
from training.voice.evaluation.metrics import figures, labels_of, rated, splits_leaving_one_corpus_out
from training.voice.finetuning.linear_classifier import Features, fit_linear

TEACHERS = (2, 3, 4)  # the layers of Whisper-base that know most about emotion
_HEARD = 8 * RATE  # samples of a clip
_EIGHT = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")  # RAVDESS' own labels


def acoustic_statistics(clips: Sequence[Clip]) -> Features:
    """Return acoustic statistics [n, 127] of the clips."""
    return np.stack([functionals(c.samples[:_HEARD]) for c in clips])


def teacher_statistics(
    teacher: Callable[[Sound], NDArray[np.float16]], clips: Sequence[Clip]
) -> list[Features]:
    """Return mean and deviation over time, [n, 1024], for each layer that the teacher gives side by side."""
    statistics = np.stack([_statistics(teacher(c.samples[:_HEARD])) for c in clips])
    return [statistics[:, layer].reshape(len(clips), -1) for layer in range(statistics.shape[1])]


def _statistics(values: NDArray[np.float16]) -> Features:
    """Return statistics [layers, 2, WIDTH] of frames [n, layers * WIDTH]."""
    layers = values.astype(np.float32).reshape(len(values), -1, WIDTH)
    return np.stack([layers.mean(0), layers.std(0)], axis=1)


def score(x: Features, clips: Sequence[Clip]) -> dict[str, Any]:
    """Return what a linear classifier reaches with features [n, d] of labelled clips.

    That is on the validation speakers, on RAVDESS' with its eight labels, and on whole corpora left out.
    """
    labels, split = labels_of(clips), np.array([c.split for c in clips])
    train, test = split == "train", split == "validation"
    p = fit_linear(x[train], labels[train]).probabilities(x[test], len(LABELS))
    return {
        "validation": figures(p, rated(clips)),
        "RAVDESS, eight labels": ravdess_eight_labels(x, clips),
        "left out": leave_one_corpus_out(x, clips),
    }


def leave_one_corpus_out(x: Features, clips: Sequence[Clip]) -> dict[str, dict[str, float]]:
    """Return what a linear classifier recalls of each corpus when it is fitted to the others.

    All seven labels may be answered, though most corpora have fewer; `among_its_own_labels` is the recall where only
    those may.
    """
    labels = labels_of(clips)
    out = {}
    for name, train, test in splits_leaving_one_corpus_out(clips):
        p = fit_linear(x[train], labels[train]).probabilities(x[test], len(LABELS))
        own = np.isin(np.arange(len(LABELS)), labels[test])
        among = summary(np.where(own, p, 0), labels[test])["unweighted_average_recall"]
        out[name] = summary(p, labels[test]) | {"labels": int(own.sum()), "among_its_own_labels": among}
    return out


def ravdess_eight_labels(x: Features, clips: Sequence[Clip]) -> dict[str, float] | None:
    """Return the figures of RAVDESS' validation speakers with its own eight labels, as others report it.

    By a linear classifier fitted to RAVDESS alone, with features [n, d]; None where RAVDESS is not there.
    """
    own = np.array([c.corpus == "ravdess" for c in clips])
    train, test = (own & np.array([c.split == split for c in clips]) for split in ("train", "validation"))
    if not (train.any() and test.any()):
        return None
    y = np.array([_EIGHT.index(c.emotion) if ours else -1 for c, ours in zip(clips, own, strict=True)])
    return summary(fit_linear(x[train], y[train]).probabilities(x[test], len(_EIGHT)), y[test])
