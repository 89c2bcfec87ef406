"""Long notes are read in windows, each of which counts as much as is spoken in it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domain import EMOTIONS
from inference.voice.decode import RATE, Sound
from inference.voice.model import WINDOW, VoiceModel, speech_seconds
from tests.inference.sounds import written
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
    assert model.window_probabilities(sound).argmax(1).tolist() == [0, 1]
    assert model.probabilities(sound)[0] > 0.99


def test_windows_with_as_much_speech_count_alike() -> None:
    first, second = speech_seconds(np.concatenate([VOICE, VOICE]))
    assert first == pytest.approx(second, abs=0.2)
    assert 0 < first < WINDOW / RATE


def test_where_nothing_is_spoken_all_windows_count_alike() -> None:
    rising = np.linspace(0, 0.03, 3 * WINDOW, dtype=np.float32)
    assert VoiceModel(ByLevel()).probabilities(rising)[:2] == pytest.approx([2 / 3, 1 / 3])


class ByLevel(ByLoudness):
    """The same by the level, which silence may have too."""

    def probabilities(self, sound: Sound, /) -> NDArray[np.float64]:
        out: NDArray[np.float64] = np.eye(7)[0 if sound.mean() > 0.01 else 1]
        return out


def test_a_long_note_tells_how_it_goes_on_but_for_its_pauses() -> None:
    reading = VoiceModel(ByLoudness()).read(written(np.concatenate([VOICE, SILENCE, VOICE])))
    assert [(p.start, p.end) for p in reading.course] == [(0, 8), (16, 24)]
    assert {p.posterior.top for p in reading.course} == {EMOTIONS[0]}


@pytest.mark.parametrize("sound", [VOICE, np.concatenate([VOICE, SILENCE])])
def test_a_single_passage_is_no_course(sound: Sound) -> None:
    assert VoiceModel(ByLoudness()).read(written(sound)).course == ()
