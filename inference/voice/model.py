"""The bundled voice model: sound bytes -> ModalityReading."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import WavLMConfig

from affect import Posterior
from inference.bundles import open_bundle
from inference.clock import Stopwatch
from inference.errors import Code, Unreadable
from inference.readings import ModalityReading
from inference.voice.decode import RATE, Sound, decode
from inference.voice.net import VoiceNet
from inference.voice.quality import has_speech, measure

SHORTEST = int(3.2 * RATE)  # samples; shorter sounds are repeated up to it, as in training
WINDOW = int(8 * RATE)  # samples; longer sounds are read in windows


class VoiceModel:
    """Decodes, judges and reads a voice. Not safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Load and check the bundle; raises BadBundle."""
        bundle = open_bundle(folder)
        self.net = VoiceNet(WavLMConfig.from_dict(bundle.spec["config"]))
        bundle.fill(self.net)
        self.net.train(False)
        self.temperature = bundle.number("temperature")

    def read(self, sound: bytes) -> ModalityReading:
        """Read an encoded sound; raises Unreadable."""
        watch = Stopwatch()
        with watch.step("decode"):
            samples = decode(sound)
        with watch.step("quality"):
            quality, hints = measure(samples)
        if not has_speech(quality):
            raise Unreadable(Code.NO_SPEECH)
        with watch.step("model"):
            posterior = Posterior.of(self.probabilities(samples))
        return ModalityReading(posterior, quality, hints, watch.ms)

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        self.probabilities(np.random.default_rng(0).standard_normal(WINDOW).astype(np.float32))

    def probabilities(self, samples: Sound) -> NDArray[np.float64]:
        """Calibrated probabilities [7] of mono 16 kHz sound: the mean over its windows."""
        out: NDArray[np.float64] = np.mean([self._window(w) for w in windows(samples)], axis=0)
        return out

    @torch.inference_mode()
    def _window(self, samples: Sound) -> NDArray[np.float64]:
        logits = self.net(torch.from_numpy(standardise(samples))[None])[0]
        out: NDArray[np.float64] = (logits / self.temperature).softmax(0).double().numpy()
        return out


def windows(samples: Sound) -> list[Sound]:
    """Equal pieces of at most WINDOW samples; a sound shorter than SHORTEST is repeated up to it."""
    if len(samples) < SHORTEST:
        return [np.resize(samples, SHORTEST)]
    return np.array_split(samples, -(-len(samples) // WINDOW))


def standardise(samples: Sound) -> Sound:
    """Zero mean and unit deviation: loudness tells the microphone, not the person."""
    out: Sound = (samples - samples.mean()) / (samples.std() + 1e-6)
    return out
