"""Temperatures, thresholds and trust, on people whose truth is known because the test made them up."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.special import softmax

from inference.curve import Curve
from training.calibration import Floats, Ints, fit_temperature, least_sure, precisions, summary
from training.quality_curves import MeasuredPredictions, concatenated, fit_curve, loss

RNG = np.random.default_rng(1)


def people(count: int, sharpness: float) -> tuple[Floats, Ints]:
    """True posteriors [count, 7], and a label drawn from each."""
    p = softmax(RNG.normal(0, sharpness, (count, 7)), axis=1)
    return p, np.array([RNG.choice(7, p=row) for row in p])


@pytest.mark.parametrize("factor", [0.4, 1.0, 2.5])
def test_the_temperature_undoes_what_made_logits_too_sure_or_too_timid(factor: float) -> None:
    p, labels = people(4000, 2)
    assert fit_temperature(np.log(p) * factor, np.eye(7)[labels]) == pytest.approx(factor, rel=0.1)


def test_the_threshold_lies_where_half_of_the_readings_are_right() -> None:
    p, labels = people(6000, 2)
    assert least_sure(p, labels) == pytest.approx(0.5, abs=0.06)


def test_whoever_is_always_right_is_always_sure() -> None:
    p, _ = people(500, 2)
    assert least_sure(p, p.argmax(1)) == pytest.approx(0.25)


def test_precisions_of_what_was_never_named_are_even() -> None:
    p = np.tile(np.eye(7)[0], (10, 1))
    assert precisions(p, np.zeros(10, int))[:2] == pytest.approx([11 / 12, 1 / 2])


def test_a_summary_of_honest_posteriors() -> None:
    p, labels = people(5000, 2)
    figures = summary(p, labels)
    assert figures["n"] == 5000
    assert figures["accuracy"] == pytest.approx(p.max(1).mean(), abs=0.03)
    assert figures["expected_calibration_error"] < 0.03


def seen(values: Floats, honest: Floats) -> MeasuredPredictions:
    """Posteriors that are always as sharp, of faces that are only right as often as `honest` says."""
    posteriors = np.tile(softmax(np.array([3.0, 0, 0, 0, 0, 0, 0])), (len(values), 1))
    labels = np.where(RNG.random(len(values)) < honest, 0, RNG.integers(1, 7, len(values)))
    return MeasuredPredictions({"light": values}, posteriors, labels)


def test_a_curve_is_fitted_where_readings_go_wrong() -> None:
    clean = seen(RNG.uniform(0.6, 1, 3000), np.full(3000, 0.78))
    dark = RNG.uniform(0, 0.6, 3000)
    spoilt = seen(dark, np.where(dark < 0.2, 1 / 7, 0.78))
    curve = fit_curve(Curve("light", "more_light", 0, 1, 0.5, 0), clean, concatenated([clean, spoilt]))
    assert curve.good == pytest.approx(0.62, abs=0.03)
    assert curve.weight(0.05) < 0.6
    assert curve.hint_from == pytest.approx(0.2, abs=0.05)
    assert curve.needs_hint(0.1)
    assert not curve.needs_hint(0.5)
    assert loss(curve, spoilt) < loss(Curve("light", "more_light", -1, -0.5, 1, 0), spoilt)


def test_a_curve_may_fall_with_its_measure() -> None:
    clean = seen(-RNG.uniform(0.6, 1, 3000), np.full(3000, 0.78))
    grain = -RNG.uniform(0, 0.6, 3000)
    spoilt = seen(grain, np.where(grain > -0.2, 1 / 7, 0.78))
    curve = fit_curve(Curve("light", "more_light", 1, 0, 0.5, 0), clean, concatenated([clean, spoilt]))
    assert curve.worst > curve.good == pytest.approx(-0.62, abs=0.03)
    assert curve.hint_from == pytest.approx(-0.2, abs=0.05)
    assert curve.needs_hint(-0.1)


def test_no_curve_is_a_cliff() -> None:
    clean = seen(RNG.uniform(0.6, 1, 3000), np.full(3000, 0.78))
    dark = RNG.uniform(0, 0.6, 3000)
    spoilt = seen(dark, np.where(dark < 0.59, 1 / 7, 0.78))
    curve = fit_curve(Curve("light", "more_light", 0, 1, 0.5, 0), clean, concatenated([clean, spoilt]))
    assert curve.good - curve.worst >= 0.18


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    from training.plots import reliability_picture

    p, labels = people(300, 2)
    path = tmp_path / "docs" / "trust.png"
    reliability_picture(path, p, labels, 0.5, "Anybody")
    with Image.open(path) as picture:
        assert picture.size == (990, 418)
