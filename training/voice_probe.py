"""A linear head fitted to the frozen net, as the start of fine-tuning.

A head that starts at random first tears up what the net has learned by imitation (Kumar et al. 2022, "Fine-tuning can
distort pretrained features"); within some thousand clips it does not recover.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from transformers import WavLMForSequenceClassification

from inference.voice.decode import RATE
from inference.voice.net import LABELS
from training.voice_data import CROP, Clip, standardise

_LAST = 4.0  # weight of the last layer before the softmax: it gets nine tenths of the sum
_LONGEST = 5 * RATE  # samples of a clip that are listened to
_BATCH = 16


@torch.inference_mode()
def layer_means(net: WavLMForSequenceClassification, clips: list[Clip]) -> NDArray[np.float32]:
    """Mean over time of every layer's output, [clips, layers + 1, hidden size]; clips of like length together."""
    net.train(False)
    order = sorted(range(len(clips)), key=lambda i: len(clips[i].sound))
    out = np.empty((len(clips), net.config.num_hidden_layers + 1, net.config.hidden_size), np.float32)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        length = min(_LONGEST, max(CROP, *(len(clips[i].sound) for i in batch)))
        sounds = [np.resize(clips[i].sound[:length].astype(np.float32), length) for i in batch]
        x = torch.from_numpy(np.stack([standardise(s) for s in sounds]))
        states = net(x, output_hidden_states=True).hidden_states
        out[batch] = torch.stack([h.mean(1) for h in states], 1).numpy()
    return out


def install(net: WavLMForSequenceClassification, means: NDArray[np.float32], clips: list[Clip]) -> None:
    """Fit the head to the rated training clips and put it into the net."""
    layer_weights = torch.zeros(means.shape[1])
    layer_weights[-1] = _LAST
    mixed = np.tensordot(means, layer_weights.softmax(0).numpy(), (1, 0))
    known = [i for i, c in enumerate(clips) if c.split == "train" and c.label >= 0]
    x, y = mixed[known], np.array([clips[i].label for i in known])
    mean, deviation = x.mean(0), x.std(0) + 1e-5
    fit = LogisticRegression(C=0.02, max_iter=500, class_weight="balanced").fit((x - mean) / deviation, y)
    weight = fit.coef_ / deviation
    _put(
        net,
        layer_weights,
        torch.from_numpy(weight).float(),
        torch.from_numpy(fit.intercept_ - weight @ mean).float(),
    )


@torch.no_grad()
def _put(net: WavLMForSequenceClassification, layer_weights: Tensor, weight: Tensor, bias: Tensor) -> None:
    """The first seven rows of the projector become the head, the classifier passes them on; the rest stays to learn."""
    count = len(LABELS)
    net.layer_weights.copy_(layer_weights)
    net.projector.weight[:count], net.projector.bias[:count] = weight, bias
    net.classifier.weight[:, :count] = torch.eye(count)
    net.classifier.weight[:, count:] *= 0.1
    net.classifier.bias.zero_()
