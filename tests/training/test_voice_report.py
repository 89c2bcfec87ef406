"""Calibration is counted on other speakers, quality fitted where readings go wrong; tables say what was counted."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import softmax

from inference.voice.decode import RATE, Sound
from inference.voice.model import VoiceModel
from inference.voice.net import LABELS
from tests.training.voices import clip, hum
from training.voice.data.clips import Clip
from training.voice.evaluation.cross_fitting import cross_fitted
from training.voice.evaluation.model_card import tables
from training.voice.evaluation.quality_fit import fit_curves, predict_with_quality, robustness


def test_each_speaker_is_calibrated_by_the_others() -> None:
    """One of two speakers is always right and one always wrong: honest probabilities trust what the other one shows."""
    logits = np.tile([3.0, 0, 0, 0, 0, 0, 0], (200, 1))
    speakers = np.repeat(["good", "bad"], 100)
    labels = np.where(speakers == "good", 0, 1)
    p = cross_fitted(logits, labels, speakers)
    assert p[speakers == "good", 0].max() < 0.4
    assert p[speakers == "bad", 0].min() > 0.99
    with pytest.raises(ValueError, match="one speaker"):
        cross_fitted(logits, labels, np.full(200, "good"))


def test_cross_fitted_probabilities_are_honest() -> None:
    rng = np.random.default_rng(1)
    truth = softmax(rng.normal(0, 2, (3000, 7)), axis=1)
    labels = np.array([rng.choice(7, p=row) for row in truth])
    speakers = rng.choice([f"s{n}" for n in range(40)], 3000)
    p = cross_fitted(np.log(truth) * 3, labels, speakers)
    assert p == pytest.approx(truth, abs=0.03)


class Listener:
    """Says sad for low voices and happy for high ones, and guesses where there is noise."""

    calibrated = True

    def probabilities(self, sound: Sound, /) -> NDArray[np.float64]:
        spectrum = np.abs(np.fft.rfft(sound))
        peak = spectrum.argmax() * RATE / len(sound)
        clear = spectrum.max() > 40 * np.median(spectrum)
        sure = np.eye(len(LABELS))[LABELS.index("sad" if peak < 150 else "happy")]
        out: NDArray[np.float64] = 0.9 * sure + 0.1 / len(LABELS) if clear else np.full(7, 1 / 7)
        return out


def voices() -> list[Clip]:
    return [
        clip(f"{n}", emotion=emotion, split="validation", sound=hum(pitch + n, 3.0, n))
        for n in range(4)
        for emotion, pitch in (("sad", 100), ("happy", 200))
    ]


def test_spoilt_voices_are_heard_as_the_product_hears_them() -> None:
    model = VoiceModel(Listener())
    heard = predict_with_quality(model, voices())
    assert heard.right.all()
    assert set(heard.measures) == {"seconds", "speech_seconds", "level_db", "snr_db", "clipping"}
    spoilt = robustness(model, voices()[:2], [])
    assert [f["recall"] for f in spoilt["as they are"]] == [1.0]
    strong = spoilt["noise (dB below)"]
    assert [f["strength"] for f in strong] == [20, 10, 0]
    assert strong[-1]["weight"] < spoilt["as they are"][0]["weight"]


def test_curves_are_fitted_for_every_measure() -> None:
    curves = {curve.hint: curve for curve in fit_curves(VoiceModel(Listener()), voices()[:4], [hum(60, 2.0)])}
    assert set(curves) == {"speak_longer", "less_noise", "further_away", "closer"}
    assert curves["less_noise"].weight(0) < 1
    assert all(curve.weight(curve.good) == pytest.approx(1) for curve in curves.values())


def test_every_figure_has_its_place() -> None:
    group = {
        "n": 7,
        "accuracy": 0.5,
        "unweighted_average_recall": 0.4,
        "expected_calibration_error": 0.12,
        "recall": {"sad": 0.75},
        "confusion": {"sad": {"sad": 3, "happy": 1}},
    }
    lines = tables(
        {
            "figures": {"pooled": group, "by corpus": {"ravdess": group}, "by language": {"en": group}},
            "eight": group,
            "coverage": {"said as sure": 0.9},
            "left out": {"emodb": group | {"labels": 6, "among_its_own_labels": 0.5}},
            "corrupted": {
                "as they are": [{"recall": 0.8, "weight": 0.95}],
                "room (s)": [{"strength": s, "recall": 0.5, "weight": 0.4} for s in (0.3, 0.7, 1.5)],
            },
        }
    ).splitlines()
    assert "| **pooled** | 7 | 50.0 | 40.0 | 0.120 |  |" in lines
    assert any(line.startswith("| ravdess | 7 | 50.0 | 40.0 | 0.120 | 60 (Livingstone") for line in lines)
    assert "| en | 7 | 50.0 | 40.0 | 0.120 |" in lines
    assert "| sad | 4 | 75.0 | 0 | 0 | 0 | 1 | 0 | 3 | 0 |" in lines
    assert "| said as sure | 90.0 |" in lines
    assert "| emodb | 7 | 6 | 40.0 | 50.0 | 16.7 |" in lines
    assert "| as they are | 80.0 (0.95) |  |  |" in lines
    assert "| room (s) | 0.3: 50.0 (0.40) | 0.7: 50.0 (0.40) | 1.5: 50.0 (0.40) |" in lines
    assert all(line.startswith("|") for line in lines if line)
