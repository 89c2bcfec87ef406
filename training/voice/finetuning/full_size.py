"""Open any speech net of transformers to fine-tune it, and store it as a folder that `VOICE_MODEL` takes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from inference.voice.net import LABELS
from training.calibration import Floats, Ints, fit_temperature
from training.voice.finetuning.finetune import Trainee

_NEW_HEAD_RATE = 10  # a head that is new learns so many times as fast as its trunk


def open_net(name: str) -> tuple[Trainee[Any], Any]:
    """Return a net by its folder or Hub id with a new head of seven labels, and what prepares its sound.

    `microsoft/wavlm-base-plus` is what the original system names. What its config masks and drops in training stays.
    """
    from transformers import AutoFeatureExtractor, AutoModelForAudioClassification

    numbers = {"id2label": dict(enumerate(LABELS)), "label2id": {n: i for i, n in enumerate(LABELS)}}
    extractor = AutoFeatureExtractor.from_pretrained(name)
    net = AutoModelForAudioClassification.from_pretrained(
        name, **numbers, ignore_mismatched_sizes=True, dtype=torch.float32
    )
    return Trainee(
        net, net.base_model, head_rate=_NEW_HEAD_RATE, standardised=bool(extractor.do_normalize)
    ), extractor


def store_net(net: nn.Module, extractor: Any, logits: Floats, labels: Ints, folder: Path) -> float:
    """Store a net with the temperature that suits its logits [n, 7] for the labels [n], and return that."""
    stored: Any = net
    stored.save_pretrained(folder)
    extractor.save_pretrained(folder)
    temperature = round(fit_temperature(logits, np.eye(len(LABELS))[labels]), 4)
    (folder / "spec.json").write_text(json.dumps({"temperature": temperature}) + "\n")
    return temperature
