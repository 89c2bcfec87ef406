"""Figures for voices of speakers who were never trained on: pooled, by corpus, by language, and of corpora left out."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inference.voice.decode import RATE
from inference.voice.net import VoiceNet, standardise
from training.calibration import Floats, Ints, summary
from training.figures import confusion_figures
from training.voice.data import CROP, Clip

Mask = NDArray[np.bool_]
_HEARD = 8 * RATE  # samples of a clip


def labels_of(clips: Sequence[Clip]) -> Ints:
    """[n] numbers in LABELS, -1 where there is none."""
    return np.array([c.label for c in clips], np.int64)


def rated(clips: Sequence[Clip], split: str = "validation") -> list[Clip]:
    """Those of a split that somebody named one of the seven emotions for."""
    return [c for c in clips if c.split == split and c.label >= 0]


@torch.inference_mode()
def validation_logits(net: VoiceNet, clips: Sequence[Clip]) -> NDArray[np.float32]:
    """Logits [n, 7], one clip at a time at its real length (shorter than a crop: repeated, as in training)."""
    net.train(False)
    out = []
    for clip in clips:
        sound = standardise(clip.samples[:_HEARD])
        if len(sound) < CROP:
            sound = np.resize(sound, CROP)
        out.append(net(torch.from_numpy(sound)[None])[0].numpy())
    return np.stack(out)


def figures(probabilities: Floats, clips: Sequence[Clip]) -> dict[str, Any]:
    """Accuracy, unweighted average recall, calibration error and confusion of probabilities [n, 7] for labelled clips:
    of all, and of each corpus and language."""
    labels = labels_of(clips)

    def part(mask: Mask) -> dict[str, Any]:
        p, y = probabilities[mask], labels[mask]
        return summary(p, y) | confusion_figures(p.argmax(1), y)

    corpora, languages = (
        np.array(names) for names in zip(*((c.corpus, c.language) for c in clips), strict=True)
    )
    return {
        "pooled": part(np.ones(len(clips), bool)),
        "by corpus": {str(name): part(corpora == name) for name in np.unique(corpora)},
        "by language": {str(name): part(languages == name) for name in np.unique(languages)},
    }


def recalls(probabilities: Floats, clips: Sequence[Clip]) -> dict[str, float]:
    """Unweighted average recall alone: pooled, and by corpus."""
    found = figures(probabilities, clips)
    parts = {"pooled": found["pooled"], **found["by corpus"]}
    return {name: part["unweighted_average_recall"] for name, part in parts.items()}


def leave_one_corpus_out(clips: Sequence[Clip]) -> Iterator[tuple[str, Mask, Mask]]:
    """Each corpus with at least two labels, a mask [n] of labelled clips of the others, and one of its own.

    Trained on are the others' training speakers only, so that whatever is chosen while training can be chosen on their
    validation speakers. All of the corpus is the test.
    """
    labels, corpora = labels_of(clips), np.array([c.corpus for c in clips])
    training = np.array([c.split == "train" for c in clips])
    for name in np.unique(corpora):
        test = (corpora == name) & (labels >= 0)
        train = training & (corpora != name) & (labels >= 0)
        if min(len(np.unique(labels[part])) for part in (train, test)) > 1:
            yield str(name), train, test
