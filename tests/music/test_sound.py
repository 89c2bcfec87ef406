"""The mood of music from its sound: what is measured, how odds become moods, files that are no sound, the command."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from music.moods.prior import PRIOR_SD
from music.sound import BadWeights, NotSound, analyse, feature_vector, read_sound, tags_of
from music.sound.classifier import PAIRS, QuadrantClassifier, couple_pairwise, mood_from_probabilities
from music.sound.features import RATE, Frames, features_of, loudness_of, tempo_of
from music.sound.tagger import Tagger, embedding_of, spectra_of
from music.sound.weight_files import WEIGHTS
from tests.music.sentences import refused
from tests.music.test_commands import run


def seconds(count: float) -> Tensor:
    return torch.arange(int(count * RATE)) / RATE


def tone(hertz: float = 220.0, length_s: float = 10.0, level: float = 0.3) -> Tensor:
    return level * torch.sin(2 * math.pi * hertz * seconds(length_s))


def beats(per_minute: float, length_s: float = 15.0) -> Tensor:
    """Short bursts of noise over silence."""
    noise = torch.randn(int(length_s * RATE), generator=torch.Generator().manual_seed(0))
    since = torch.remainder(seconds(length_s), 60 / per_minute)
    return 0.3 * noise * torch.exp(-since / 0.03)


@pytest.mark.parametrize("tempo", [72.0, 96.0, 120.0, 150.0])
def test_the_tempo_of_beats_is_heard(tempo: float) -> None:
    heard = tempo_of(Frames.of(beats(tempo)))
    assert heard is not None
    assert min(abs(heard - tempo * factor) / (tempo * factor) for factor in (0.5, 1, 2)) < 0.04


def test_a_steady_tone_has_no_tempo() -> None:
    assert tempo_of(Frames.of(torch.zeros(10 * RATE))) is None


def test_loudness_is_the_level_below_full_scale() -> None:
    assert loudness_of(tone(level=1.0)) == pytest.approx(-3.01, abs=0.05)
    assert loudness_of(tone(level=0.1)) == pytest.approx(-23.01, abs=0.05)
    assert loudness_of(torch.zeros(RATE)) == pytest.approx(-100, abs=0.1)


def test_all_but_one_statistic_are_deaf_to_the_level() -> None:
    loud, soft = (features_of(Frames.of(beats(100) * level)) for level in (1, 0.1))
    apart = (loud - soft).abs() > 0.02 * (1 + loud.abs())
    assert apart.sum() == 1
    assert apart[0]


@pytest.mark.parametrize("length_s", [2.0, 7.3, 30.0])
def test_descriptions_are_finite_numbers_as_many_as_the_machine_judges_by(length_s: float) -> None:
    for sound in (tone(length_s=length_s), torch.zeros(int(length_s * RATE)), beats(90, length_s)):
        description = feature_vector(Frames.of(sound))
        assert description.shape == QuadrantClassifier.load().mean.shape
        assert torch.isfinite(description).all()


def test_the_tagger_answers_as_tensorflow_does_with_the_weights_that_it_was_made_of() -> None:
    """The eight strongest answers of musicnn 0.1.0 under TensorFlow 2.15 and librosa, and how many are silent."""
    t = torch.arange(186 * 256 + 512, dtype=torch.float64) / RATE
    fading = torch.remainder(t, 0.5)
    sound = 0.3 * torch.exp(-6 * fading) * torch.sin(2 * math.pi * 220 * t)
    sound += 0.2 * torch.sin(2 * math.pi * (440 * t + 100 * t.square()))
    sound += 0.1 * torch.exp(-40 * fading) * torch.sin(2 * math.pi * 5000 * t)
    sound[:256] = 0  # librosa begins half a window earlier, in silence
    answers = Tagger.load()(spectra_of(sound[None].float()))[0]
    strongest = answers.topk(8)
    assert strongest.indices.tolist() == [130, 77, 28, 70, 30, 145, 7, 157]
    expected = [7.913, 7.142, 6.964, 6.617, 6.124, 5.851, 5.702, 5.344]
    assert strongest.values.tolist() == pytest.approx(expected, rel=0.01)
    assert int((answers < 1e-4).sum()) == pytest.approx(116, abs=2)


def test_what_is_shorter_than_a_look_of_the_tagger_is_heard_again() -> None:
    short = beats(100, 2.0)
    assert torch.equal(embedding_of(short), embedding_of(short.repeat(2)))


@given(st.floats(0, 1), st.floats(0, 1))
def test_odds_become_moods_on_their_side_with_what_is_left_of_doubt(arousal: float, valence: float) -> None:
    mood = mood_from_probabilities(arousal, valence)
    for p, mean, sd in (
        (arousal, mood.affect.arousal, mood.sd_arousal),
        (valence, mood.affect.valence, mood.sd_valence),
    ):
        assert (mean > 0) == (p > 0.5) or abs(p - 0.5) < 1e-9
        assert mean**2 + sd**2 == pytest.approx(PRIOR_SD**2)
        assert 0.6 * PRIOR_SD < sd <= PRIOR_SD


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_pairs_that_fit_together_are_coupled_to_what_they_are_of(shares: list[float]) -> None:
    p = torch.tensor(shares) / sum(shares)
    pairs = torch.stack([p[i] / (p[i] + p[j]) for i, j in PAIRS])
    assert couple_pairwise(pairs).tolist() == pytest.approx(p.tolist(), abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_any_pairs_are_coupled_to_probabilities(pairs: list[float]) -> None:
    p = couple_pairwise(torch.tensor(pairs))
    assert ((p >= 0) & (p <= 1)).all()
    assert float(p.sum()) == pytest.approx(1, abs=1e-6)


def test_noise_in_beats_is_livelier_than_a_soft_tone() -> None:
    lively, calm = analyse(beats(140)).mood.affect, analyse(tone(level=0.05)).mood.affect
    assert lively.arousal > 0 > calm.arousal


def test_the_middle_of_a_file_is_read_in_mono_at_one_rate(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    left = np.concatenate([np.zeros(44100 * 20), np.full(44100 * 20, 0.5), np.zeros(44100 * 20)])
    soundfile.write(path, np.stack([left, left * 0.5], 1).astype(np.float32), 44100, subtype="FLOAT")
    sound = read_sound(path)
    assert len(sound) == 30 * RATE
    assert float(sound[len(sound) // 2]) == pytest.approx(0.375, abs=1e-3)
    assert torch.equal(sound, read_sound(path.read_bytes()))


@pytest.mark.parametrize("kind", ["OGG", "FLAC", "MP3"])
def test_compressed_files_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x.{kind.lower()}"
    soundfile.write(path, beats(100, 10).numpy(), RATE, format=kind)
    assert len(read_sound(path)) == pytest.approx(10 * RATE, rel=0.02)


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    short, silent, broken = (tmp_path / name for name in ("short.wav", "silent.wav", "broken.wav"))
    soundfile.write(short, tone(length_s=1).numpy(), RATE)
    soundfile.write(silent, np.zeros(5 * RATE), RATE)
    soundfile.write(broken, np.full(5 * RATE, np.nan, np.float32), RATE, subtype="FLOAT")
    for path, said in (
        (short, "shorter"),
        (silent, "silent"),
        (broken, "damaged"),
        (tmp_path / "none", "no sound"),
    ):
        with refused(NotSound, said):
            read_sound(path)


@given(
    st.binary(max_size=200) | st.binary(max_size=100).map(lambda data: b"RIFF\x24\x00\x00\x00WAVEfmt " + data)
)
def test_any_bytes_are_sound_or_a_named_error(data: bytes) -> None:
    with pytest.raises(NotSound):
        read_sound(data)


def test_tags_are_read_where_a_file_has_them(tmp_path: Path) -> None:
    path = tmp_path / "x.flac"
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        file.title, file.artist = "Song ", "Band"
        file.write(beats(100, 3).numpy())
    assert tags_of(path.read_bytes()) == ("Song", "Band")
    soundfile.write(path, beats(100, 3).numpy(), RATE)
    assert tags_of(path.read_bytes()) == tags_of(b"x") == ("", "")


@pytest.mark.parametrize(("name", "load"), [("model", QuadrantClassifier.load), ("tagger", Tagger.load)])
def test_broken_weights_have_a_name(tmp_path: Path, name: str, load: Callable[[Path], object]) -> None:
    with refused(BadWeights, "cannot be read"):
        load(tmp_path)
    file = f"{name}.safetensors"
    (tmp_path / "spec.json").write_text((WEIGHTS / "spec.json").read_text())
    (tmp_path / file).write_bytes((WEIGHTS / file).read_bytes()[:-1] + b"x")
    with pytest.raises(BadWeights):
        load(tmp_path)


def test_the_command_prints_one_object_for_each_file(tmp_path: Path) -> None:
    path = tmp_path / "beats.ogg"
    soundfile.write(path, beats(120).numpy(), RATE)
    heard, lost = json.loads(run("analyse", path, tmp_path / "none.ogg", "--json").stdout)
    assert set(heard) == {"path", "valence", "arousal", "valence_sd", "arousal_sd", "tempo", "loudness"}
    assert heard["path"] == str(path)
    assert -1 <= heard["valence"] <= 1
    assert 0 < heard["valence_sd"] <= PRIOR_SD
    assert heard["tempo"] == pytest.approx(120, rel=0.05)
    assert set(lost) == {"path", "error"}
    assert str(path) in run("analyse", path).stdout
