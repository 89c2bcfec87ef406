"""What is done to voices does what it says, and every way of spoiling them is worse from strength to strength."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from inference.voice.decode import RATE, Sound
from tests.training.voices import clip, hum
from training.voice.data import effects
from training.voice.data.augmentation import Augmenter, perturb_speed_and_pitch
from training.voice.data.corpora import load_corpus
from training.voice.data.corruptions import STRENGTHS, short, with_street
from training.voice.data.offline_augmentation import augment_offline


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def tone(hertz: float, seconds: float = 1.0) -> Sound:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def hertz(sound: Sound) -> float:
    return float(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))).argmax() * RATE / len(sound))


def decibels(sound: Sound) -> float:
    return float(20 * np.log10(sound.std()))


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.07])
def test_speed_changes_length_and_pitch(factor: float) -> None:
    fast = effects.change_speed(tone(400), factor)
    assert len(fast) == round(RATE / factor)
    assert hertz(fast) == pytest.approx(400 * factor, abs=1.5)
    assert np.abs(fast).max() == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.2])
def test_stretch_changes_length_alone(factor: float) -> None:
    slow = effects.time_stretch(tone(400), factor)
    assert len(slow) == round(RATE * factor)
    assert decibels(slow) == pytest.approx(decibels(tone(400)), abs=0.5)
    assert hertz(slow) == pytest.approx(400, abs=2)


@pytest.mark.parametrize("semitones", [-2.0, 0.0, 1.3])
def test_pitch_changes_pitch_alone(semitones: float) -> None:
    high = effects.shift_pitch(tone(400), semitones)
    assert len(high) == RATE
    assert hertz(high) == pytest.approx(400 * 2 ** (semitones / 12), abs=3)
    assert decibels(high) == pytest.approx(decibels(tone(400)), abs=0.5)
    assert hertz(fast := effects.shift_pitch(tone(400), semitones, 1.1)) == pytest.approx(
        hertz(high), abs=1.5
    )
    assert len(fast) == round(RATE / 1.1)


def test_mixing_keeps_the_ratio() -> None:
    sound, other = hum(), effects.white_noise(RATE, rng())
    mixed = effects.mix_at_snr(sound, other, 12)
    assert decibels(sound) - decibels(mixed - sound) == pytest.approx(12, abs=0.01)


def test_a_room_rings_as_long_as_it_says() -> None:
    """The level of what is left of the energy falls by 60 dB in the time asked for (Schroeder 1965)."""
    response = effects.room_impulse_response(0.6, rng())
    left = 10 * np.log10(np.cumsum(response[:0:-1].astype(float) ** 2)[::-1])
    fall = left[0] - left[int(0.3 * RATE)]
    assert fall == pytest.approx(30, abs=2)
    assert response[0] == 1


def test_a_band_ends_where_it_says() -> None:
    assert decibels(effects.band_limit(tone(3000), 4000)) == pytest.approx(decibels(tone(3000)), abs=0.1)
    assert decibels(effects.band_limit(tone(5000), 4000)) < -80


def test_drift_follows_its_gains() -> None:
    level = effects.vary_level(np.ones(101, np.float32), np.array([0, 20], np.float32))
    assert level[[0, 50, 100]] == pytest.approx([1, 10**0.5, 10], rel=1e-4)


@pytest.mark.parametrize("kbit_s", [8, 12, 24, 32])
def test_opus_takes_about_the_rate_it_is_given(kbit_s: float) -> None:
    noise = 0.1 * effects.white_noise(4 * RATE, rng())  # speech, with its silences, takes less
    file = effects.opus_file(noise, kbit_s)
    assert len(file) * 8 / 4000 == pytest.approx(kbit_s, rel=0.25)
    assert soundfile.info(io.BytesIO(file)).subtype == "OPUS"


def test_opus_keeps_the_timing() -> None:
    sound = hum()
    coded = effects.through_opus(sound, 24)
    lags = np.fft.irfft(np.fft.rfft(coded) * np.fft.rfft(sound).conj())
    assert len(coded) == len(sound)
    assert abs((lags.argmax() + RATE // 2) % RATE - RATE // 2) <= 1


@pytest.mark.parametrize("noises", [[], [effects.white_noise(8000, rng(2))]])
def test_augmenting_keeps_length_and_timing(noises: list[Sound]) -> None:
    """Whatever is done, the same sound is still in it at the same place."""
    augment, sound = Augmenter(noises, []), hum(seconds=2)
    for seed in range(40):
        heard = augment(sound, hum(220, 2), rng(seed))
        assert len(heard) == len(sound)
        assert heard.dtype == np.float32
        assert np.isfinite(heard).all()
        assert np.corrcoef(heard, sound)[0, 1] > 0.4


def test_augmenting_is_different_each_time_and_the_same_for_a_seed() -> None:
    augment, sound = Augmenter([], []), hum()
    heard = [augment(sound, sound, rng(seed)) for seed in (1, 2, 3, 4, 1)]
    assert (heard[0] == heard[-1]).all()
    assert len({h.tobytes() for h in heard}) > 2


def test_respoken_is_at_most_a_tenth_longer_or_shorter() -> None:
    lengths = [len(perturb_speed_and_pitch(hum(), rng(seed))) / RATE for seed in range(20)]
    assert 1 / 1.1 <= min(lengths) < 1 < max(lengths) <= 1 / 0.9


def test_copies_are_a_corpus(tmp_path: Path) -> None:
    """Only of clips to train on; the same whatever else is copied; other ones by another seed."""
    first = clip("x/a.wav", emotion="calm", sound=hum(seconds=0.8))
    others = [clip("x/b.wav", split="validation"), clip("x/c.wav", "two", "two_1", "other", language="de")]
    for name, clips, seed in (("both", [first, *others], 1), ("alone", [first], 1), ("again", [first], 2)):
        augment_offline(clips, tmp_path / name, seed)
    copied, third = load_corpus(tmp_path / "both")
    assert (copied.path, copied.speaker, copied.emotion, copied.split) == (
        "copy1/x/a.ogg",
        "one_1",
        "calm",
        "train",
    )
    assert (third.corpus, third.speaker, third.emotion, third.language) == ("two", "two_1", "other", "de")
    assert copied.samples.std() == pytest.approx(first.samples.std(), rel=0.2)
    (alone,), (again,) = load_corpus(tmp_path / "alone"), load_corpus(tmp_path / "again")
    assert alone.sound.tobytes() == copied.sound.tobytes()
    assert again.path == "copy2/x/a.ogg"
    assert again.sound.tobytes() != copied.sound.tobytes()


def ringing() -> list[Sound]:
    return [effects.band_limit(effects.white_noise(3 * RATE, rng(3)), 500)]


@pytest.mark.parametrize("name", with_street(ringing()))
def test_each_strength_changes_more(name: str) -> None:
    spoil, steps = with_street(ringing())[name]
    sound = hum(seconds=3)
    before = sound.copy()
    results = [spoil(sound, step) for step in steps]
    assert all(r.dtype == np.float32 and np.abs(r).max() <= 1 for r in results)
    changes = [change(sound, r) for r in results]
    assert 0 < changes[0] < changes[1] < changes[2]
    assert (sound == before).all()
    assert all((spoil(sound, step) == r).all() for step, r in zip(steps, results, strict=True))


def change(sound: Sound, spoilt: Sound) -> float:
    """What is missing, and the share of what is there that the sound does not explain."""
    if len(spoilt) < len(sound):
        return 1 - len(spoilt) / len(sound)
    return 1 - float(np.corrcoef(sound, spoilt)[0, 1])


def test_what_is_left_of_a_short_note_is_its_loudest_part() -> None:
    sound = np.concatenate([hum(seconds=1) * 0.01, hum(seconds=0.3), hum(seconds=1) * 0.01])
    assert decibels(short(sound, 0.3)) == pytest.approx(decibels(hum(seconds=0.3)), abs=0.5)
    assert (short(sound, 9) == sound).all()


def test_there_is_a_street_only_where_one_was_recorded() -> None:
    assert with_street([]) == STRENGTHS
    assert set(with_street(ringing())) == {*STRENGTHS, "street (dB below)"}
