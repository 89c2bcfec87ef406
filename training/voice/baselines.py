"""What the voice net has to beat: acoustic statistics, and its teacher's frozen layers, with a linear classifier."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.voice.decode import RATE, Sound
from inference.voice.net import LABELS
from training.calibration import summary
from training.voice.data import Clip
from training.voice.evaluate import figures, labels_of, leave_one_corpus_out, rated
from training.voice.functionals import functionals
from training.voice.linear import Features, fit_linear
from training.voice.whisper import WIDTH

TEACHERS = (2, 3, 4)  # the layers of Whisper-base that know most about emotion
_HEARD = 8 * RATE  # samples of a clip
_EIGHT = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")  # RAVDESS' own labels


def acoustics(clips: Sequence[Clip]) -> Features:
    """[n, 127] statistics."""
    return np.stack([functionals(c.samples[:_HEARD]) for c in clips])


def taught(teacher: Callable[[Sound], NDArray[np.float16]], clips: Sequence[Clip]) -> list[Features]:
    """Mean and deviation over time, [n, 1024], for each of the layers that the teacher gives side by side."""
    heard = np.stack([_statistics(teacher(c.samples[:_HEARD])) for c in clips])
    return [heard[:, layer].reshape(len(clips), -1) for layer in range(heard.shape[1])]


def _statistics(values: NDArray[np.float16]) -> Features:
    """Frames [n, layers * WIDTH] -> [layers, 2, WIDTH]."""
    layers = values.astype(np.float32).reshape(len(values), -1, WIDTH)
    return np.stack([layers.mean(0), layers.std(0)], axis=1)


def score(x: Features, clips: Sequence[Clip]) -> dict[str, Any]:
    """What a linear classifier reaches with features [n, d] of labelled clips.

    Of the validation speakers, RAVDESS' also with its eight labels, trained on it alone, as others report it. Of whole
    corpora left out: all seven labels may be answered there, too, though most corpora have fewer.
    """
    labels, split = labels_of(clips), np.array([c.split for c in clips])
    train, test = split == "train", split == "validation"
    p = fit_linear(x[train], labels[train]).probabilities(x[test], len(LABELS))
    return {
        "validation": figures(p, rated(clips)),
        "RAVDESS, eight labels": _eight(x, clips),
        "left out": {name: _transfer(x, labels, *masks) for name, *masks in leave_one_corpus_out(clips)},
    }


def _transfer(
    x: Features, labels: NDArray[np.int64], train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> dict[str, float]:
    p = fit_linear(x[train], labels[train]).probabilities(x[test], len(LABELS))
    return summary(p, labels[test])


def _eight(x: Features, clips: Sequence[Clip]) -> dict[str, float] | None:
    """None where RAVDESS is not there."""
    own = np.array([c.corpus == "ravdess" for c in clips])
    train, test = (own & np.array([c.split == split for c in clips]) for split in ("train", "validation"))
    if not (train.any() and test.any()):
        return None
    y = np.array([_EIGHT.index(c.emotion) if ours else -1 for c, ours in zip(clips, own, strict=True)])
    return summary(fit_linear(x[train], y[train]).probabilities(x[test], len(_EIGHT)), y[test])
