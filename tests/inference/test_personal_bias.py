"""A person's corrections shift their later readings: shrunken, bounded, and nothing without any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import EMOTIONS, Emotion, Posterior
from inference import FusionRules, ModalityReading, PersonalBias, fuse, learn_personal_bias
from inference.fusion.personal_bias import BOUND

distributions = (
    st.lists(st.floats(0, 1), min_size=7, max_size=7).filter(lambda v: sum(v) > 1e-3).map(Posterior.of)
)
answers = st.lists(st.tuples(distributions, st.none() | st.sampled_from(EMOTIONS)), max_size=30)

RESTING_SAD = Posterior.of([1, 1, 1, 1, 6, 9, 1])  # how a face at rest is read that looks sad


@given(st.lists(st.tuples(distributions, st.none()), max_size=10))
def test_who_corrects_nothing_is_read_as_everybody(uncorrected: list[tuple[Posterior, None]]) -> None:
    assert not learn_personal_bias(uncorrected)
    assert learn_personal_bias(uncorrected) == PersonalBias()


@given(answers, distributions)
def test_no_history_shifts_an_emotion_by_more_than_the_bound(
    history: list[tuple[Posterior, Emotion | None]], posterior: Posterior
) -> None:
    bias = learn_personal_bias(history)
    assert max(map(abs, bias.offsets)) <= BOUND
    shifted = bias.shift(np.array(posterior.probabilities))
    assert shifted.sum() == pytest.approx(1)
    assert (shifted <= np.exp(2 * BOUND) * np.maximum(posterior.probabilities, 1e-4) + 1e-9).all()


def test_corrections_add_up_and_one_alone_does_little() -> None:
    correction = (RESTING_SAD, Emotion.NEUTRAL)
    one, five = learn_personal_bias([correction]), learn_personal_bias([correction] * 5)
    neutral, sad = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.SAD)
    assert 0 < one.offsets[neutral] < five.offsets[neutral]
    assert five.offsets[sad] < one.offsets[sad] < 0
    assert one.offsets[neutral] - one.offsets[sad] < 0.5 < five.offsets[neutral] - five.offsets[sad]


def test_a_face_that_looks_sad_at_rest_is_soon_read_as_neutral_but_tears_are_not() -> None:
    bias, rules = learn_personal_bias([(RESTING_SAD, Emotion.NEUTRAL)] * 4), FusionRules()
    face = ModalityReading(RESTING_SAD, {})
    tears = ModalityReading(Posterior.of([1, 1, 1, 1, 2, 40, 1]), {})
    assert fuse(face, None, rules).posterior.top is Emotion.SAD
    assert fuse(face, None, rules, bias=bias).posterior.top is Emotion.NEUTRAL
    assert fuse(tears, None, rules, bias=bias).posterior.top is Emotion.SAD


def test_readings_that_nobody_corrects_keep_the_bias_small() -> None:
    often_wrong = [(RESTING_SAD, Emotion.NEUTRAL)] * 3
    rarely_wrong = [*often_wrong, *[(RESTING_SAD, None)] * 20]
    assert (
        max(map(abs, learn_personal_bias(rarely_wrong).offsets))
        < max(map(abs, learn_personal_bias(often_wrong).offsets)) / 2
    )


def test_a_correction_of_what_was_right_changes_nothing_much() -> None:
    right = Posterior.of([0, 0, 0, 1, 0, 0, 0])
    assert max(map(abs, learn_personal_bias([(right, Emotion.HAPPY)] * 5).offsets)) < 0.01
