"""Classify voices with VoiceNet and the weights that Attune trained."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import WavLMConfig

from inference.bundles import open_bundle
from inference.voice.decode import Sound
from inference.voice.net import MIN_SAMPLES, VoiceNet, standardise


class BundledVoice:
    """Read windows of sound with VoiceNet; not safe to share between threads."""

    calibrated = True

    def __init__(self, folder: Path) -> None:
        """Load and check the bundle; raises BadBundle."""
        bundle = open_bundle(folder)
        self.net = VoiceNet(WavLMConfig.from_dict(bundle.spec["config"]))
        bundle.fill(self.net)
        self.net.train(False)
        self.temperature = bundle.number("temperature")

    @torch.inference_mode()
    def probabilities(self, sound: Sound) -> NDArray[np.float64]:
        """Return calibrated probabilities [7] of mono 16 kHz sound [samples], repeated up to MIN_SAMPLES if shorter."""
        enough = sound if len(sound) >= MIN_SAMPLES else np.resize(sound, MIN_SAMPLES)
        logits = self.net(torch.from_numpy(standardise(enough))[None]).logits[0]
        out: NDArray[np.float64] = (logits / self.temperature).softmax(0).double().numpy()
        return out
