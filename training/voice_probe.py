"""The head of the voice net, fitted to what the trunk hears once it stands still."""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from inference.voice.decode import RATE
from inference.voice.net import VoiceNet, standardise, statistics
from training.voice_data import CROP, Clip

_LONGEST = 5 * RATE  # samples of a clip that are listened to
_BATCH = 16
_STRENGTH = 0.02  # inverse of the penalty; .002 and .005 recalled 3 and 2 points less


@torch.inference_mode()
def features(net: VoiceNet, clips: list[Clip]) -> NDArray[np.float32]:
    """Statistics of the net's layers for each clip; clips of like length together, shorter ones repeated."""
    net.train(False)
    order = sorted(range(len(clips)), key=lambda i: len(clips[i].sound))
    out = np.empty((len(clips), net.head.in_features), np.float32)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        length = min(_LONGEST, max(CROP, *(len(clips[i].sound) for i in batch)))
        sounds = [standardise(np.resize(clips[i].sound, length).astype(np.float32)) for i in batch]
        out[batch] = statistics(net.states(torch.from_numpy(np.stack(sounds)))).numpy()
    return out


def fit_head(net: VoiceNet, clips: list[Clip]) -> None:
    """Put a logistic regression over the labelled training clips, every emotion weighing alike, into the head."""
    known = [c for c in clips if c.split == "train" and c.label >= 0]
    x, y = features(net, known), np.array([c.label for c in known])
    mean, deviation = x.mean(0), x.std(0) + 1e-5
    fit = LogisticRegression(C=_STRENGTH, max_iter=500, class_weight="balanced").fit(
        (x - mean) / deviation, y
    )
    weight = fit.coef_ / deviation
    with torch.no_grad():
        net.head.weight.copy_(torch.from_numpy(weight))
        net.head.bias.copy_(torch.from_numpy(fit.intercept_ - weight @ mean))
