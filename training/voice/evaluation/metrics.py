"""Measure nets on speakers who were never trained on: pooled, by corpus and by language."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from inference.voice.decode import RATE
from inference.voice.net import LABELS, standardise
from training.calibration import Floats, Ints, summary
from training.figures import confusion_figures
from training.voice.data.clips import CROP, Clip

Mask = NDArray[np.bool_]
_HEARD = 8 * RATE  # samples of a clip
_BATCH = 16


def labels_of(clips: Sequence[Clip]) -> Ints:
    """Return the clips' numbers [n] in LABELS, -1 where there is none."""
    return np.array([c.label for c in clips], np.int64)


def rated(clips: Sequence[Clip], split: str = "validation") -> list[Clip]:
    """Return the clips of a split that somebody named one of the seven emotions for."""
    return [c for c in clips if c.split == split and c.label >= 0]


@torch.inference_mode()
def validation_logits(
    net: nn.Module, clips: Sequence[Clip], standardised: bool = True
) -> NDArray[np.float32]:
    """Return logits [n, 7] of clips by a net that maps sound [batch, samples] to `logits`.

    Clips are read at their real length, up to 8 s. Shorter ones than a crop are repeated, as in training; only clips
    of one length are read together.
    """
    net.train(False)
    device = next(net.parameters()).device
    lengths = np.array([min(_HEARD, max(CROP, len(c.sound))) for c in clips])
    out = np.empty((len(clips), len(LABELS)), np.float32)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for batch in np.array_split(alike, -(-len(alike) // _BATCH)):
            sounds = [np.resize(clips[i].samples[:length], length) for i in batch]
            prepared = np.stack([standardise(s) for s in sounds] if standardised else sounds)
            out[batch] = net(torch.from_numpy(prepared).to(device)).logits.float().cpu().numpy()
    return out


def figures(probabilities: Floats, clips: Sequence[Clip]) -> dict[str, Any]:
    """Return the figures of probabilities [n, 7] for labelled clips: of all, and of each corpus and language.

    They are accuracy, unweighted average recall, calibration error and confusion.
    """
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
    """Return the unweighted average recall alone of probabilities [n, 7]: pooled, and by corpus."""
    found = figures(probabilities, clips)
    parts = {"pooled": found["pooled"], **found["by corpus"]}
    return {name: part["unweighted_average_recall"] for name, part in parts.items()}


def splits_leaving_one_corpus_out(clips: Sequence[Clip]) -> Iterator[tuple[str, Mask, Mask]]:
    """Yield each corpus with at least two labels, a mask [n] of clips to train on, and one of clips to test on.

    Trained on are the others' training speakers only, so that whatever is chosen while training can be chosen on
    their validation speakers. All of the corpus is the test.
    """
    labels, corpora = labels_of(clips), np.array([c.corpus for c in clips])
    training = np.array([c.split == "train" for c in clips])
    for name in np.unique(corpora):
        test = (corpora == name) & (labels >= 0)
        train = training & (corpora != name) & (labels >= 0)
        if min(len(np.unique(labels[part])) for part in (train, test)) > 1:
            yield str(name), train, test
