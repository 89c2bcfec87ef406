"""How far a voice can be trusted: speech comes and goes, hum and noise do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.voice.decode import RATE, Sound
from inference.voice.quality import frame_levels, has_speech, measure
from tests.inference.sounds import tone
from tools import samples


@pytest.fixture(scope="module")
def voice() -> Sound:
    return samples.voice(4.0)[::3]


def noise(level: float, seconds: float = 4.0) -> Sound:
    return (level * np.random.default_rng(3).standard_normal(int(seconds * RATE))).astype(np.float32)


def weight(sound: Sound) -> float:
    return measure(sound)[0]["weight"]


def test_a_clear_voice_counts_in_full(voice: Sound) -> None:
    quality, hints = measure(voice)
    assert has_speech(quality)
    assert hints == ()
    assert quality["weight"] > 0.9
    assert quality["seconds"] == pytest.approx(4)
    assert 1 < quality["speech_seconds"] < 3


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(RATE * 3, np.float32),
        np.full(RATE * 3, 0.4, np.float32),
        noise(1e-5),
        noise(0.05),
        noise(0.3),
        tone(3.0, RATE),
        tone(3.0, RATE) + 0.2,
    ],
    ids=["silence", "constant offset", "hiss", "noise", "loud noise", "tone", "tone with an offset"],
)
def test_what_does_not_come_and_go_is_no_speech(sound: Sound) -> None:
    assert not has_speech(measure(sound)[0])


def test_a_voice_with_an_offset_is_the_same_voice(voice: Sound) -> None:
    plain, shifted = measure(voice)[0], measure(voice + np.float32(0.3))[0]
    assert shifted["speech_seconds"] == plain["speech_seconds"]
    assert shifted["snr_db"] == pytest.approx(plain["snr_db"], abs=0.5)


def test_noise_costs_trust_and_is_said(voice: Sound) -> None:
    noisy = [voice + noise(level) for level in (0, 0.003, 0.01, 0.02, 0.04)]
    weights = [weight(sound) for sound in noisy]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < weights[0]
    assert "less_noise" in measure(noisy[-1])[1]


def test_little_speech_costs_trust_and_is_said(voice: Sound) -> None:
    weights = [weight(voice[: int(seconds * RATE)]) for seconds in (4, 2, 1.5, 1)]
    assert weights == sorted(weights, reverse=True)
    assert "speak_longer" in measure(voice[:RATE])[1]


def test_clipping_costs_trust_and_is_said(voice: Sound) -> None:
    clipped = [np.clip(voice * gain, -1, 1) for gain in (1, 8, 30)]
    weights = [weight(sound) for sound in clipped]
    assert weights == sorted(weights, reverse=True)
    assert "further_away" in measure(clipped[-1])[1]


def test_a_whisper_is_told_to_come_closer(voice: Sound) -> None:
    quality, hints = measure(voice / np.float32(80))
    assert has_speech(quality)
    assert "closer" in hints


def test_levels_are_decibels_below_full_scale() -> None:
    assert frame_levels(tone(1.0, RATE) / 0.3) == pytest.approx(-3.01, abs=0.3)
    assert frame_levels(np.zeros(RATE, np.float32)) == pytest.approx(-120)


@given(st.integers(480, 9000), st.floats(0, 1, width=32), st.integers(0, 9))
@settings(deadline=2000)
def test_any_sound_has_finite_measures(length: int, level: float, seed: int) -> None:
    sound = (level * np.random.default_rng(seed).uniform(-1, 1, length)).astype(np.float32)
    quality, _ = measure(sound)
    assert all(np.isfinite(value) for value in quality.values())
    assert 0 <= quality["weight"] <= 1
