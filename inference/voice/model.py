"""Sound bytes -> ModalityReading, whatever classifies the voice."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect import Posterior
from inference.clock import Stopwatch
from inference.errors import Code, Unreadable
from inference.readings import ModalityReading
from inference.voice.decode import RATE, Sound, decode
from inference.voice.quality import has_speech, levels, measure, spoken

WINDOW = int(8 * RATE)  # samples; longer sounds are read in windows


class VoiceClassifier(Protocol):
    """Reads one window of sound: the bundled net, or a checkpoint of somebody else's."""

    @property
    def calibrated(self) -> bool:
        """Whether its probabilities were measured to be as often right as they say."""
        ...

    def probabilities(self, sound: Sound, /) -> NDArray[np.float64]:
        """Mono 16 kHz sound as it was recorded, -1..1, from MIN_SECONDS to WINDOW long -> probabilities [7]."""
        ...


class VoiceModel:
    """Decodes, judges and reads a voice. Not safe to share between threads."""

    def __init__(self, classifier: VoiceClassifier) -> None:
        self.classifier = classifier

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
        return ModalityReading(posterior, quality, hints, watch.ms, self.classifier.calibrated)

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, WINDOW)
        self.classifier.probabilities(noise.astype(np.float32))

    def probabilities(self, samples: Sound) -> NDArray[np.float64]:
        """Probabilities [7] of mono 16 kHz sound of any length: the mean over its windows, by how much each says."""
        out: NDArray[np.float64] = np.average(self.course(samples), axis=0, weights=shares(samples))
        return out

    def course(self, samples: Sound) -> NDArray[np.float64]:
        """Probabilities [windows, 7] one after the other: how the voice goes on."""
        return np.stack([self.classifier.probabilities(window) for window in windows(samples)])


def shares(samples: Sound) -> NDArray[np.float64]:
    """How much of what is spoken each of the windows holds [windows]; all alike where nothing is."""
    speech = spoken(levels(samples))
    each = np.array([part.mean() for part in np.array_split(speech, len(windows(samples)))])
    out: NDArray[np.float64] = each / each.sum() if each.any() else np.full(len(each), 1 / len(each))
    return out


def windows(samples: Sound) -> list[Sound]:
    """Equal pieces of at most WINDOW samples."""
    return np.array_split(samples, -(-len(samples) // WINDOW))
