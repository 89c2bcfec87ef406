"""Count the bundled model's figures for the model card.

They are of validation speakers, whom it never heard in training.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference.bundles import WEIGHTS, open_bundle
from inference.voice.bundled import BundledVoice
from inference.voice.decode import Sound
from inference.voice.model import VoiceModel
from training.figures import coverage_figures
from training.plots import reliability_picture
from training.voice.data.clips import Clip
from training.voice.evaluation.baselines import leave_one_corpus_out, ravdess_eight_labels
from training.voice.evaluation.cross_fitting import cross_fitted
from training.voice.evaluation.metrics import figures, labels_of, rated, validation_logits
from training.voice.evaluation.quality_fit import robustness
from training.voice.finetuning.linear_probe import features

_CORRUPTED = 160  # clips that are corrupted in every way


def report(clips: Sequence[Clip], noises: Sequence[Sound], picture: Path) -> dict[str, Any]:
    """Return all figures, and draw into `picture` how far the model can be trusted.

    Probabilities are calibrated to speakers other than the one who is read (`cross_fitted`). For RAVDESS' eight
    labels and for corpora left out, a linear classifier is fitted anew to the statistics that the net's own head
    reads: the head has not heard that corpus, the trunk has.
    """
    model, known = BundledVoice(WEIGHTS / "voice"), rated(clips)
    logits, labels = validation_logits(model.net, known).astype(float), labels_of(known)
    p = cross_fitted(logits, labels, np.array([c.speaker for c in known]))
    sure_from = open_bundle(WEIGHTS / "voice").number("sure_from")
    reliability_picture(picture, p, labels, sure_from, "voices of speakers never heard, ten corpora")
    everything = [c for c in clips if c.label >= 0]
    x = features(model.net, everything)
    some = np.random.default_rng(1).permutation(len(known))[:_CORRUPTED]
    return {
        "figures": figures(p, known),
        "coverage": coverage_figures(p, labels, sure_from),
        "eight": ravdess_eight_labels(x, everything),
        "left out": leave_one_corpus_out(x, everything),
        "corrupted": robustness(VoiceModel(model), [known[i] for i in some], noises),
    }
