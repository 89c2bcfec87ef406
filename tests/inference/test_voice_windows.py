"""Long notes are read in windows, each of which counts as much as is spoken in it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.voice.decode import RATE, Sound
from inference.voice.model import WINDOW, VoiceModel, shares
from tools import samples

VOICE = np.tile(samples.voice(4.0)[::3], 2)[:WINDOW]
SILENCE = np.random.default_rng(1).normal(0, 1e-4, WINDOW).astype(np.float32)


class ByLoudness:
    """The first emotion where it is loud, the second where it is not."""

    calibrated = True

    def probabilities(self, sound: Sound, /) -> NDArray[np.float64]:
        out: NDArray[np.float64] = np.eye(7)[0 if sound.std() > 0.01 else 1]
        return out


def test_a_pause_says_nothing() -> None:
    model, sound = VoiceModel(ByLoudness()), np.concatenate([VOICE, SILENCE])
    assert model.course(sound).argmax(1).tolist() == [0, 1]
    assert model.probabilities(sound)[0] > 0.99


def test_windows_with_as_much_speech_count_alike() -> None:
    assert shares(np.concatenate([VOICE, VOICE])) == pytest.approx([0.5, 0.5], abs=0.02)
    assert shares(VOICE) == pytest.approx([1.0])


def test_where_nothing_is_spoken_all_windows_count_alike() -> None:
    assert shares(np.zeros(2 * WINDOW + RATE, np.float32)) == pytest.approx([1 / 3] * 3)
