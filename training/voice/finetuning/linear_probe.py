"""Fit the head of the voice net to what its frozen trunk hears."""

import numpy as np
import torch

from inference.voice.decode import RATE
from inference.voice.net import LABELS, VoiceNet, standardise, statistics
from training.files import BadData
from training.voice.data.clips import CROP, Clip
from training.voice.finetuning.linear_classifier import Features, fit_linear

_LONGEST = 5 * RATE  # samples of a clip that are listened to
_BATCH = 16


@torch.inference_mode()
def features(net: VoiceNet, clips: list[Clip]) -> Features:
    """Return statistics [n, d] of the net's layers for each clip.

    Clips of like length are read together, shorter ones repeated, up to 5 s.
    """
    net.train(False)
    order = sorted(range(len(clips)), key=lambda i: len(clips[i].sound))
    out = np.empty((len(clips), net.classifier.in_features), np.float32)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        length = min(_LONGEST, max(CROP, *(len(clips[i].sound) for i in batch)))
        sounds = [standardise(np.resize(clips[i].samples, length)) for i in batch]
        out[batch] = statistics(net.states(torch.from_numpy(np.stack(sounds)))).numpy()
    return out


def fit_head(net: VoiceNet, clips: list[Clip]) -> None:
    """Put a logistic regression over the labelled training clips into the head.

    Raises BadData if a label has no clip.
    """
    known = [c for c in clips if c.split == "train" and c.label >= 0]
    y = np.array([c.label for c in known])
    if missing := [name for number, name in enumerate(LABELS) if number not in y]:
        raise BadData(f"no clip to train on is {' or '.join(missing)}")
    linear = fit_linear(features(net, known), y)
    weight = linear.regression.coef_ / linear.deviation
    with torch.no_grad():
        net.classifier.weight.copy_(torch.from_numpy(weight))
        net.classifier.bias.copy_(torch.from_numpy(linear.regression.intercept_ - weight @ linear.mean))
