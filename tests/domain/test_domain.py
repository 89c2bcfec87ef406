"""The shared vocabulary: points on the plane, posteriors, and where regulation leads."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import EMOTIONS, Affect, Emotion, Goal, Posterior, goal_for
from domain.affect import NORMS, STANDARD_DEVIATIONS, Region

coordinates = st.floats(-1, 1)
affects = st.builds(Affect, coordinates, coordinates)
weights = st.lists(st.floats(0, 1e6), min_size=7, max_size=7).filter(lambda values: sum(values) > 1e-6)


@pytest.mark.parametrize("valence", [1.01, -1.01, math.nan, math.inf])
def test_affect_refuses_what_is_off_the_plane(valence: float) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Affect(valence, 0)
    with pytest.raises(ValueError, match="out of range"):
        Affect(0, valence)


@given(affects, affects, st.floats(0, 1))
def test_going_towards_a_point_shortens_the_distance_by_the_share(a: Affect, b: Affect, share: float) -> None:
    assert a.towards(b, share).distance(b) == pytest.approx((1 - share) * a.distance(b), abs=1e-9)


@given(affects, affects)
def test_distance_is_symmetric_and_bounded(a: Affect, b: Affect) -> None:
    assert a.distance(b) == b.distance(a) <= 2 * math.sqrt(2)


@given(weights)
def test_posterior_of_weights_is_their_share(values: list[float]) -> None:
    posterior = Posterior.of(values)
    assert sum(posterior.probabilities) == pytest.approx(1)
    assert posterior.confidence == posterior[posterior.top] == pytest.approx(max(values) / sum(values))
    assert Posterior.from_dict(posterior.as_dict()).probabilities == pytest.approx(posterior.probabilities)


@given(weights)
def test_posterior_affect_lies_among_the_emotions(values: list[float]) -> None:
    affect = Posterior.of(values).affect
    assert min(n.valence for n in NORMS.values()) - 1e-9 <= affect.valence
    assert affect.valence <= max(n.valence for n in NORMS.values()) + 1e-9
    assert min(n.arousal for n in NORMS.values()) - 1e-9 <= affect.arousal
    assert affect.arousal <= max(n.arousal for n in NORMS.values()) + 1e-9


@given(weights)
def test_the_spread_is_as_wide_as_its_words_at_least_and_as_the_plane_at_most(values: list[float]) -> None:
    sd = Posterior.of(values).affect_sd
    assert min(s.valence for s in STANDARD_DEVIATIONS.values()) - 1e-9 <= sd.valence < 1.2
    assert min(s.arousal for s in STANDARD_DEVIATIONS.values()) - 1e-9 <= sd.arousal < 1


def test_who_may_be_glad_or_sad_has_a_wide_valence_and_surprise_has_no_sign() -> None:
    glad, sad, torn, surprised = (
        Posterior.of(shares.get(e, 0.0) for e in EMOTIONS)
        for shares in (
            {Emotion.HAPPY: 1.0},
            {Emotion.SAD: 1.0},
            {Emotion.HAPPY: 0.5, Emotion.SAD: 0.5},
            {Emotion.SURPRISE: 1.0},
        )
    )
    assert glad.affect_sd == STANDARD_DEVIATIONS[Emotion.HAPPY]
    assert torn.affect_sd.valence > 2 * max(glad.affect_sd.valence, sad.affect_sd.valence)
    assert surprised.affect.valence == 0
    assert surprised.affect_sd.valence == max(s.valence for s in STANDARD_DEVIATIONS.values()) > 0.6


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_certain_emotion_lies_at_its_norm(emotion: Emotion) -> None:
    posterior = Posterior.certain(emotion)
    assert posterior.top is emotion
    assert posterior.affect.distance(NORMS[emotion]) == pytest.approx(0)


@pytest.mark.parametrize(
    "values",
    [[0.0] * 7, [math.nan] * 7, [math.inf] + [0.0] * 6, [1.0] * 6, [1.0] * 8, [2.0, -1.0] + [0.0] * 5],
)
def test_posterior_refuses_what_is_no_distribution(values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"weights|distribution"):
        Posterior.of(values)


def test_posterior_wants_all_labels() -> None:
    with pytest.raises(KeyError):
        Posterior.from_dict({"happy": 1.0})


def test_labels_are_in_alphabetical_order() -> None:
    assert [e.value for e in EMOTIONS] == sorted(e.value for e in EMOTIONS)


def test_the_norms_lie_where_their_words_do() -> None:
    assert NORMS[Emotion.HAPPY].valence > 0.5 > NORMS[Emotion.NEUTRAL].valence
    assert max(NORMS[e].valence for e in (Emotion.ANGRY, Emotion.SAD, Emotion.FEAR, Emotion.DISGUST)) < -0.5
    assert NORMS[Emotion.ANGRY].arousal > 0.4
    assert NORMS[Emotion.SAD].arousal < 0
    assert NORMS[Emotion.SURPRISE].valence == 0


@pytest.mark.parametrize(
    ("emotion", "goal"),
    [
        (Emotion.ANGRY, Goal.CALM),
        (Emotion.FEAR, Goal.CALM),
        (Emotion.SAD, Goal.JOY),
        (Emotion.NEUTRAL, Goal.JOY),
    ],
)
def test_the_stirred_are_led_to_calm_and_the_low_to_joy(emotion: Emotion, goal: Goal) -> None:
    assert goal_for(NORMS[emotion]) is goal


def test_both_goals_are_pleasant_and_apart_in_arousal() -> None:
    assert Goal.CALM.affect.valence > 0.5
    assert Goal.JOY.affect.valence > 0.5
    assert Goal.CALM.affect.arousal < 0 < Goal.JOY.affect.arousal


@pytest.mark.parametrize(
    ("valence", "arousal", "region"),
    [
        (-0.26, -0.16, Region.UNPLEASANT_CALM),
        (-0.25, -0.16, Region.CALM),
        (0.26, -0.16, Region.PLEASANT_CALM),
        (-0.26, -0.15, Region.UNPLEASANT),
        (0.25, 0.15, Region.MIDDLE),
        (0.26, 0.15, Region.PLEASANT),
        (-0.26, 0.16, Region.UNPLEASANT_STIRRED),
        (0.0, 0.16, Region.STIRRED),
        (1.0, 1.0, Region.PLEASANT_STIRRED),
    ],
)
def test_a_point_lies_in_one_ninth_of_the_plane(valence: float, arousal: float, region: Region) -> None:
    assert Affect(valence, arousal).region is region
