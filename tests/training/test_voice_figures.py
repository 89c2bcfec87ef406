"""Figures by corpus and language, corpora left out, and baselines that tell voices apart."""

import numpy as np
import pytest

from inference.voice.decode import RATE
from inference.voice.net import LABELS
from tests.training.voices import clip, hum
from training.voice.data.clips import Clip
from training.voice.evaluation.functionals import COUNT, functionals
from training.voice.evaluation.metrics import figures, rated, recalls, splits_leaving_one_corpus_out

ANSWERS = np.eye(len(LABELS)) * 0.93 + 0.01


def voices() -> list[Clip]:
    return [
        clip("a", "home", emotion="happy", split="validation", language="nl"),
        clip("b", "home", emotion="sad", split="validation", language="nl"),
        clip("c", "work", emotion="calm", split="validation"),
        clip("d", "work", emotion="angry", split="train"),
        clip("e", "work", emotion="other", split="validation"),
        clip("f", "read", emotion="neutral", split="train"),
        clip("g", "home", emotion="sad", split="train", language="nl"),
    ]


def test_figures_are_told_apart_by_corpus_and_language() -> None:
    heard = rated(voices())
    assert [c.path for c in heard] == ["a", "b", "c"]
    p = ANSWERS[[LABELS.index(word) for word in ("happy", "happy", "neutral")]]
    found = figures(p, heard)
    assert found["pooled"]["n"] == 3
    assert found["pooled"]["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["pooled"]["unweighted_average_recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["by corpus"]["work"]["accuracy"] == 1
    assert found["by corpus"]["home"]["confusion"] == {"happy": {"happy": 1}, "sad": {"happy": 1}}
    assert found["by language"]["nl"]["expected_calibration_error"] == pytest.approx(0.44, abs=1e-3)
    assert recalls(p, heard) == {"pooled": pytest.approx(2 / 3, abs=1e-4), "home": 0.5, "work": 1.0}


def test_a_corpus_left_out_is_tested_whole_and_nobody_validating_is_trained_on() -> None:
    heard = voices()
    left_out = {
        name: ([c.path for c, m in zip(heard, train, strict=True) if m], np.flatnonzero(test).tolist())
        for name, train, test in splits_leaving_one_corpus_out(heard)
    }
    assert left_out == {"home": (["d", "f"], [0, 1, 6]), "work": (["f", "g"], [2, 3])}


def test_functionals_know_the_pitch_and_not_the_level() -> None:
    low, high = (functionals(hum(pitch, 2)) for pitch in (100, 200))
    assert low.shape == (COUNT,)
    assert np.isfinite(low).all()
    octaves = np.abs(high - low - 12) < 0.5  # mean, 10th and 90th percentile of the pitch in semitones
    assert octaves.sum() >= 3
    np.testing.assert_allclose(functionals(0.01 * hum(100, 2)), low, atol=0.02)


@pytest.mark.parametrize("sound", [np.zeros(RATE), np.random.default_rng(1).standard_normal(640)])
def test_functionals_of_what_is_no_voice_are_numbers(sound: np.ndarray) -> None:
    assert np.isfinite(functionals(sound.astype(np.float32))).all()


def test_a_linear_classifier_gives_labels_that_it_never_met_no_share() -> None:
    from training.voice.finetuning.linear_classifier import fit_linear

    rng = np.random.default_rng(1)
    y = rng.choice([1, 4], 60)
    x = (y[:, None] + rng.normal(0, 0.5, (60, 3))).astype(np.float32)
    p = fit_linear(x, y).probabilities(x, len(LABELS))
    assert (p.argmax(1) == y).mean() > 0.95
    assert p.sum(1) == pytest.approx(np.ones(60))
    assert not p[:, [0, 2, 3, 5, 6]].any()


def test_baselines_tell_made_voices_apart() -> None:
    """Two corpora in which the sad speak low and the happy high: what one teaches holds in the other."""
    from training.voice.evaluation.baselines import acoustic_statistics, score, teacher_statistics

    heard = [
        clip(f"{n}", corpus, f"{corpus}_{n}", emotion, split, sound=hum(pitch + 3 * n, 1.5, n))
        for corpus in ("ravdess", "other")
        for emotion, pitch in (("sad", 100), ("happy", 250))
        for n, split in enumerate(["train"] * 4 + ["validation"] * 2)
    ]
    scores = score(acoustic_statistics(heard), heard)
    assert scores["validation"]["pooled"]["accuracy"] == 1
    assert scores["RAVDESS, eight labels"]["n"] == 4
    assert {name: part["n"] for name, part in scores["left out"].items()} == {"ravdess": 12, "other": 12}
    assert min(part["accuracy"] for part in scores["left out"].values()) == 1
    layers = teacher_statistics(
        lambda _: np.repeat([[1.0, 2.0]], 512, 1).repeat(5, 0).astype(np.float16), heard[:2]
    )
    assert [layer[0, :512].mean() for layer in layers] == [1, 2]
    assert [layer[0, 512:].max() for layer in layers] == [0, 0]


def test_without_ravdess_there_are_no_eight_labels() -> None:
    from training.voice.evaluation.baselines import score

    heard = [clip(emotion=e, split=s) for e in ("sad", "happy") for s in ("train", "validation")]
    assert score(np.eye(4, dtype=np.float32), heard)["RAVDESS, eight labels"] is None
