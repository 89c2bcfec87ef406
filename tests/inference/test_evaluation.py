"""The figures, against examples worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import EMOTIONS, Emotion, Posterior
from inference.research.evaluation import Outcome, by_group, confusion, expected_calibration_error, figures

HAPPY, SAD, FEAR = Emotion.HAPPY, Emotion.SAD, Emotion.FEAR


def outcome(label: Emotion, named: Emotion | None, share: float = 0.7, group: str = "") -> Outcome:
    rest = (1 - share) / 6
    posterior = Posterior.of(share if e is named else rest for e in EMOTIONS) if named else None
    return Outcome(label, group, posterior)


# Four happy (two right, one called sad, one unread), two sad (one right, one called fear).
EXAMPLE = [
    outcome(HAPPY, HAPPY),
    outcome(HAPPY, HAPPY),
    outcome(HAPPY, SAD),
    outcome(HAPPY, None),
    outcome(SAD, SAD),
    outcome(SAD, FEAR),
]


def test_the_example_worked_out_by_hand() -> None:
    found = figures(EXAMPLE)
    assert (found["n"], found["unread"]) == (6, 1)
    assert found["accuracy"] == pytest.approx(3 / 6)
    assert found["unweighted_average_recall"] == pytest.approx((2 / 4 + 1 / 2) / 2)
    # F1 = 2 right / (own + named): happy 4 / (4 + 2), sad 2 / (2 + 2); fear does not occur and does not count.
    assert found["macro_f1"] == pytest.approx((4 / 6 + 2 / 4) / 2)
    # Five read, all with confidence 0.7, three right.
    assert found["expected_calibration_error"] == pytest.approx(abs(0.7 - 3 / 5))
    assert found["per_class"]["happy"] == pytest.approx({"n": 4, "recall": 0.5, "precision": 1, "f1": 4 / 6})
    assert found["per_class"]["fear"] == pytest.approx({"n": 0, "recall": 0, "precision": 0, "f1": 0})
    assert set(found["per_class"]) == {e.value for e in EMOTIONS}


def test_confusion_counts_everything_once() -> None:
    table = confusion(EXAMPLE)
    assert {k: v for k, v in table["happy"].items() if v} == {"happy": 2, "sad": 1, "unread": 1}
    assert {k: v for k, v in table["sad"].items() if v} == {"sad": 1, "fear": 1}
    assert sum(sum(row.values()) for row in table.values()) == 6


def test_what_is_not_read_counts_as_wrong() -> None:
    nothing = figures([outcome(e, None) for e in EMOTIONS])
    assert (nothing["n"], nothing["unread"]) == (7, 7)
    assert nothing["accuracy"] == nothing["unweighted_average_recall"] == nothing["macro_f1"] == 0
    assert nothing["expected_calibration_error"] == 0


def test_recall_is_averaged_over_the_labels_that_occur_in_the_group() -> None:
    found = by_group(
        [outcome(HAPPY, HAPPY, group="a"), outcome(HAPPY, HAPPY, group="a"), outcome(SAD, HAPPY, group="b")]
    )
    assert found["unweighted_average_recall"] == 0.5
    assert list(found["by_group"]) == ["a", "b"]
    assert found["by_group"]["a"]["unweighted_average_recall"] == 1
    assert found["by_group"]["b"]["unweighted_average_recall"] == 0
    assert set(found) == set(found["by_group"]["a"]) | {"by_group"}


def test_nothing_at_all() -> None:
    assert figures([])["n"] == figures([])["accuracy"] == 0


labels = st.sampled_from(EMOTIONS)
outcomes = st.lists(st.builds(outcome, labels, st.none() | labels, st.floats(0.2, 1), st.sampled_from("ab")))


@given(outcomes)
def test_figures_against_their_definitions(many: list[Outcome]) -> None:
    found = figures(many)
    named = [o.posterior.top if o.posterior else None for o in many]
    right = [o.label is n for o, n in zip(many, named, strict=True)]
    assert found["accuracy"] == pytest.approx(np.mean(right) if many else 0)
    recalls = [
        np.mean([n is e for o, n in zip(many, named, strict=True) if o.label is e])
        for e in EMOTIONS
        if any(o.label is e for o in many)
    ]
    assert found["unweighted_average_recall"] == pytest.approx(np.mean(recalls) if recalls else 0)
    assert found["unread"] == named.count(None)
    assert 0 <= found["macro_f1"] <= 1
    assert 0 <= found["expected_calibration_error"] <= 1
    assert sum(g["n"] for g in by_group(many)["by_group"].values()) == len(many)


def test_calibration_error_of_whoever_knows_how_sure_to_be_is_small() -> None:
    rng = np.random.default_rng(4)
    confidence = rng.uniform(0.2, 1, 200_000)
    assert expected_calibration_error(confidence, rng.random(len(confidence)) < confidence) < 0.01


def test_calibration_error_of_whoever_is_always_too_sure_is_the_gap() -> None:
    correct = np.arange(1000) % 2 == 0
    assert expected_calibration_error(np.full(1000, 0.9), correct) == pytest.approx(0.4)
    assert expected_calibration_error(np.ones(1000), correct) == pytest.approx(0.5)


def test_calibration_error_weighs_bins_by_size() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.55])
    correct = np.array([True, True, True, False])
    assert expected_calibration_error(confidence, correct) == pytest.approx((3 * 0.05 + 0.55) / 4)
