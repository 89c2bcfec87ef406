"""Read the voice in a recording, whatever classifies it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain import Posterior
from domain.readings import ModalityReading, Passage
from inference.clock import Stopwatch
from inference.errors import Code, Unreadable
from inference.voice.decode import RATE, Sound, decode
from inference.voice.quality import FRAME, LEAST_SPEECH, frame_levels, has_speech, measure, speech_frames

WINDOW = int(8 * RATE)  # samples; longer sounds are read in windows


class VoiceClassifier(Protocol):
    """Read one window of sound: the bundled net, or a checkpoint of somebody else's."""

    @property
    def calibrated(self) -> bool:
        """Tell whether its probabilities were measured to be as often right as they say."""
        ...

    def probabilities(self, sound: Sound, /) -> NDArray[np.float64]:
        """Return probabilities [7] of mono 16 kHz sound as it was recorded, -1..1, MIN_SECONDS to WINDOW long."""
        ...


class VoiceModel:
    """Decode a recording, judge its voice and read it; not safe to share between threads."""

    def __init__(self, classifier: VoiceClassifier) -> None:
        self.classifier = classifier

    def read(self, sound: bytes) -> ModalityReading:
        """Read an encoded sound; raises Unreadable."""
        stopwatch = Stopwatch()
        with stopwatch.step("decode"):
            samples = decode(sound)
        with stopwatch.step("quality"):
            quality, hints = measure(samples)
        if not has_speech(quality):
            raise Unreadable(Code.NO_SPEECH)
        with stopwatch.step("model"):
            by_window, speech = self.window_probabilities(samples), speech_seconds(samples)
            posterior = Posterior.of(speech_weighted_mean(by_window, speech))
        parts = passages(by_window, speech, quality["seconds"])
        return ModalityReading(posterior, quality, hints, stopwatch.ms, self.classifier.calibrated, parts)

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, WINDOW)
        self.classifier.probabilities(noise.astype(np.float32))

    def probabilities(self, samples: Sound) -> NDArray[np.float64]:
        """Return probabilities [7] of mono 16 kHz sound of any length: the mean over its windows, by speech in each."""
        return speech_weighted_mean(self.window_probabilities(samples), speech_seconds(samples))

    def window_probabilities(self, samples: Sound) -> NDArray[np.float64]:
        """Return probabilities [windows, 7] of the windows of mono 16 kHz sound, in their order."""
        return np.stack([self.classifier.probabilities(window) for window in windows(samples)])


def speech_seconds(samples: Sound) -> NDArray[np.float64]:
    """Return the seconds of speech in each window [windows] of mono 16 kHz sound."""
    frames = np.array_split(speech_frames(frame_levels(samples)), len(windows(samples)))
    return np.array([part.sum() for part in frames]) * FRAME / RATE


def speech_weighted_mean(by_window: NDArray[np.float64], speech: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean [7] of windows [windows, 7], weighted by speech [windows]; all alike where nobody speaks."""
    out: NDArray[np.float64] = np.average(by_window, axis=0, weights=speech if speech.any() else None)
    return out


def passages(
    by_window: NDArray[np.float64], speech: NDArray[np.float64], seconds: float
) -> tuple[Passage, ...]:
    """Return the windows [windows, 7] in which somebody speaks, as parts of `seconds`; none unless there are two."""
    each = seconds / len(by_window)
    found = tuple(
        Passage(i * each, (i + 1) * each, Posterior.of(p))
        for i, p in enumerate(by_window)
        if speech[i] >= LEAST_SPEECH
    )
    return found if len(found) > 1 else ()


def windows(samples: Sound) -> list[Sound]:
    """Split sound into equal pieces of at most WINDOW samples."""
    return np.array_split(samples, -(-len(samples) // WINDOW))
