"""Two opinions become one, whatever they are worth; and contradiction is seen from either side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import EMOTIONS, Posterior
from domain.readings import MODALITIES, ModalityReading, Passage, Reading
from inference.bundles import WEIGHTS, BadBundle, read_json
from inference.fusion import RULES, FusionRules, fuse
from inference.fusion.reading import pool_as_dict
from inference.fusion.rules import Array, FusionParameters, JointPool

weights = st.floats(0, 1)
distributions = (
    st.lists(st.floats(0, 1), min_size=7, max_size=7).filter(lambda v: sum(v) > 1e-3).map(Posterior.of)
)
numbers = st.floats(-2, 2)
rows = st.lists(numbers, min_size=7, max_size=7).map(np.array)


def matrix(values: Sequence[float]) -> Array:
    return np.array(values).reshape(7, 7)


matrices = st.lists(numbers, min_size=49, max_size=49).map(matrix)
joints = st.builds(
    lambda weights, tells, bias: JointPool(
        dict(zip(("face", "voice"), weights, strict=True)),
        dict(zip(("face", "voice"), tells, strict=True)),
        bias,
    ),
    st.tuples(rows, rows),
    st.tuples(matrices, matrices),
    rows,
)
rule_sets = st.builds(
    lambda known, shares, sure, contradiction: FusionRules(
        FusionParameters(known, {"face": shares[0], "voice": shares[1]}), sure, contradiction
    ),
    st.just(()) | st.tuples(joints),
    st.tuples(weights, weights),
    weights,
    weights,
)
PLAIN, TOUCHY = FusionRules(), FusionRules(contradiction=0.4)


def part(posterior: Posterior, weight: float = 1.0) -> ModalityReading:
    return ModalityReading(posterior, {"weight": weight})


def test_a_model_that_nobody_measured_is_trusted_as_far_as_the_bundled_one_is_right() -> None:
    rules = FusionRules(FusionParameters((one_for_each(face=1, voice=1),), {"face": 0.4, "voice": 0.4}))
    plain = rules.for_unmeasured(["face"])
    assert plain.learned.pools == ()
    face, voice = part(leaning(3, 0.8)), part(leaning(5, 0.8))
    assert fuse(face, voice, plain).posterior.top is EMOTIONS[5]
    assert fuse(face, None, plain).posterior == face.posterior
    assert rules.for_unmeasured([]) == rules


def one_for_each(**weights: float) -> JointPool:
    """These weights, for every emotion alike."""
    return JointPool(
        {m: np.full(7, w) for m, w in weights.items()}, {m: np.zeros((7, 7)) for m in weights}, np.zeros(7)
    )


def test_a_reading_is_calibrated_when_all_its_parts_are() -> None:
    known, guessed = part(leaning(0, 0.5)), ModalityReading(leaning(1, 0.5), {}, calibrated=False)
    assert fuse(known, known, PLAIN).calibrated
    assert not fuse(known, guessed, PLAIN).calibrated
    assert not fuse(guessed, None, PLAIN).as_dict()["calibrated"]
    stored = guessed.as_dict()
    assert not ModalityReading.from_dict(stored).calibrated
    del stored["calibrated"], stored["course"]  # as it was stored before there were such things
    assert ModalityReading.from_dict(stored).calibrated


def leaning(emotion: int, share: float) -> Posterior:
    """`share` for one emotion, the rest spread evenly."""
    return Posterior.of(share if n == emotion else (1 - share) / 6 for n in range(7))


def close(a: Posterior, b: Posterior | Sequence[float], tolerance: float = 1e-6) -> bool:
    return np.allclose(a.probabilities, b.probabilities if isinstance(b, Posterior) else b, atol=tolerance)


@given(distributions, distributions, weights, weights, rule_sets, st.sampled_from(sorted(RULES)))
def test_any_two_opinions_give_a_distribution(
    face: Posterior, voice: Posterior, a: float, b: float, rules: FusionRules, rule: str
) -> None:
    reading = fuse(part(face, a), part(voice, b), rules, rule)
    assert sum(reading.posterior.probabilities) == pytest.approx(1)
    assert reading.confidence == max(reading.posterior.probabilities)
    assert reading.sure == (reading.confidence >= rules.sure_from and not reading.disagree)
    assert (reading.face, reading.voice) == (part(face, a), part(voice, b))


@given(distributions, rule_sets, st.sampled_from(sorted(RULES)), st.booleans())
def test_a_trusted_modality_alone_stays_itself(
    only: Posterior, rules: FusionRules, rule: str, is_face: bool
) -> None:
    reading = fuse(part(only), None, rules, rule) if is_face else fuse(None, part(only), rules, rule)
    assert close(reading.posterior, only)
    assert not reading.disagree


@given(distributions, weights, rule_sets)
def test_less_trust_in_what_is_alone_makes_it_less_sure(
    only: Posterior, weight: float, rules: FusionRules
) -> None:
    assert fuse(part(only, weight), None, rules).confidence <= only.confidence + 1e-9


def swap(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"face": values["voice"], "voice": values["face"]}


@given(distributions, distributions, weights, weights, rule_sets, st.sampled_from(["attune", "average"]))
def test_who_is_face_and_who_is_voice_makes_no_difference(
    one: Posterior, other: Posterior, a: float, b: float, rules: FusionRules, rule: str
) -> None:
    performance = rules.learned.performance
    joints = tuple(JointPool(swap(j.weights), swap(j.cross_weights), j.bias) for j in rules.learned.pools)
    swapped = replace(rules, learned=FusionParameters(joints, swap(performance)))
    here = fuse(part(one, a), part(other, b), rules, rule)
    there = fuse(part(other, b), part(one, a), swapped, rule)
    assert close(here.posterior, there.posterior)
    assert here.disagree == there.disagree


@given(distributions, distributions, rule_sets)
def test_what_is_not_trusted_at_all_changes_nothing(
    face: Posterior, voice: Posterior, rules: FusionRules
) -> None:
    with_it = fuse(part(face), part(voice, 0), rules)
    assert close(with_it.posterior, face, 1e-3)


@given(st.integers(0, 6), st.floats(1 / 7, 0.9), st.floats(0, 0.09), distributions, weights, weights)
def test_a_face_that_shows_more_of_an_emotion_never_makes_it_less_likely(
    emotion: int, share: float, more: float, voice: Posterior, a: float, b: float
) -> None:
    chosen = EMOTIONS[emotion]
    before = fuse(part(leaning(emotion, share), a), part(voice, b), PLAIN).posterior[chosen]
    after = fuse(part(leaning(emotion, share + more), a), part(voice, b), PLAIN).posterior[chosen]
    assert after >= before - 1e-9


@given(st.integers(0, 6), st.floats(0.3, 0.9))
def test_two_that_agree_are_surer_than_each(emotion: int, share: float) -> None:
    opinion = part(leaning(emotion, share))
    reading = fuse(opinion, opinion, PLAIN)
    assert reading.posterior.top is EMOTIONS[emotion]
    assert reading.confidence > share
    assert not reading.disagree


def test_a_model_that_is_often_wrong_counts_less() -> None:
    face, voice = part(leaning(3, 0.7)), part(leaning(5, 0.7))
    trust_the_face = FusionRules(FusionParameters((one_for_each(face=1.0, voice=0.5),)))
    trust_the_voice = FusionRules(FusionParameters((one_for_each(face=0.5, voice=1.0),)))
    assert fuse(face, voice, trust_the_face).posterior.top is EMOTIONS[3]
    assert fuse(face, voice, trust_the_voice).posterior.top is EMOTIONS[5]


def test_a_face_that_tells_of_something_else_than_it_names_is_understood() -> None:
    joint = one_for_each(face=1.0, voice=1.0)
    joint.cross_weights["face"][4, 5] = 6  # people with blank faces are often sad
    blank, undecided = part(leaning(4, 0.6)), part(Posterior.of([1, 1, 1, 1, 2, 2, 1]))
    assert fuse(blank, undecided, PLAIN).posterior.top is EMOTIONS[4]
    assert fuse(blank, undecided, FusionRules(FusionParameters((joint,)))).posterior.top is EMOTIONS[5]


def test_a_blurred_face_counts_less() -> None:
    face, voice = leaning(3, 0.8), leaning(5, 0.7)
    assert fuse(part(face, 1), part(voice), PLAIN).posterior.top is EMOTIONS[3]
    assert fuse(part(face, 0.3), part(voice), PLAIN).posterior.top is EMOTIONS[5]


@given(distributions, distributions, rule_sets)
def test_the_original_rule_picks_one_of_the_two(
    face: Posterior, voice: Posterior, rules: FusionRules
) -> None:
    reading = fuse(part(face), part(voice), rules, "original")
    performance = rules.learned.performance
    score = {name: p.confidence * performance[name] for name, p in (("face", face), ("voice", voice))}
    assert close(reading.posterior, face if score["face"] >= score["voice"] else voice)


def test_average_is_the_mean() -> None:
    fused = fuse(part(leaning(0, 1)), part(leaning(1, 1)), PLAIN, "average").posterior
    assert fused.probabilities == pytest.approx((0.5, 0.5, 0, 0, 0, 0, 0))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_two_that_are_certain_of_different_things_still_give_an_answer(rule: str) -> None:
    reading = fuse(part(leaning(0, 1)), part(leaning(1, 1)), PLAIN, rule)
    assert sum(reading.posterior.probabilities) == pytest.approx(1)
    assert reading.disagree


def test_contradiction_is_different_emotions_with_little_in_common() -> None:
    glad, low, torn = leaning(3, 0.9), leaning(5, 0.9), Posterior.of([0, 0, 0, 0.45, 0.1, 0.4, 0.05])
    assert fuse(part(glad), part(low), TOUCHY).sides == ("face", "voice")
    assert not fuse(part(glad), part(torn), TOUCHY).disagree  # the same emotion first
    assert not fuse(part(low), part(torn), TOUCHY).disagree  # much in common


def test_a_contradiction_is_never_sure_and_its_confidence_no_number_to_be_shown() -> None:
    """However likely the pooled emotion is: where sides contradict each other, that says little."""
    reading = fuse(part(leaning(3, 0.98)), part(leaning(5, 0.9)), TOUCHY)
    assert reading.disagree
    assert reading.confidence > TOUCHY.sure_from
    assert not reading.sure
    assert not reading.calibrated
    said = json.loads(json.dumps(reading.as_dict()))
    assert (said["sure"], said["calibrated"], said["disagree"]) == (False, False, True)
    assert said["confidence"] == reading.confidence


def test_a_reading_names_one_emotion_or_two_between_which_it_does_not_choose() -> None:
    glad, low = part(leaning(3, 0.9)), part(leaning(5, 0.9))
    torn = part(Posterior.of([0, 0, 0.4, 0, 0.41, 0.1, 0.09]))
    happy, sad, fear, neutral = (EMOTIONS[n] for n in (3, 5, 2, 4))
    assert fuse(glad, glad, PLAIN).candidates == (happy,)
    assert fuse(torn, None, PLAIN).candidates == (neutral, fear)
    assert fuse(glad, low, TOUCHY).candidates == (happy, sad)
    assert fuse(glad, low, TOUCHY).opposing == {"face": happy, "voice": sad}
    assert fuse(glad, glad, TOUCHY).opposing == {}
    assert fuse(glad, low, TOUCHY).as_dict()["candidates"] == ["happy", "sad"]


def test_of_three_the_two_that_contradict_each_other_most_are_named() -> None:
    glad, low, torn = part(leaning(3, 0.9)), part(leaning(5, 0.9)), part(Posterior.of([1, 1, 1, 4, 1, 3, 1]))
    reading = fuse(torn, glad, TOUCHY, text=low)
    assert reading.sides == ("voice", "text")
    assert set(reading.parts) == {"face", "voice", "text"}
    assert not fuse(None, glad, PLAIN, text=glad).disagree


@given(distributions, st.floats(0, 0.05), st.booleans())
def test_who_says_nothing_contradicts_nobody(sure: Posterior, weight: float, is_face: bool) -> None:
    said, nothing = part(sure), part(leaning(2, 1.0), weight)
    reading = fuse(said, nothing, PLAIN) if is_face else fuse(nothing, said, PLAIN)
    assert not reading.disagree


@given(distributions, joints)
def test_what_two_taught_says_nothing_of_one_of_them_with_a_third(face: Posterior, joint: JointPool) -> None:
    text = part(leaning(2, 0.5))
    taught = fuse(part(face), None, FusionRules(FusionParameters((joint,))), text=text)
    assert close(taught.posterior, fuse(part(face), None, PLAIN, text=text).posterior)


@pytest.mark.parametrize("quality", [{}, {"weight": 1.0}])
def test_without_a_weight_quality_is_full(quality: dict[str, float]) -> None:
    assert ModalityReading(leaning(0, 0.5), quality).weight == 1


def test_nothing_to_fuse() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fuse(None, None, PLAIN)


def test_an_unknown_rule() -> None:
    with pytest.raises(KeyError):
        fuse(part(leaning(0, 1)), None, PLAIN, "majority")


def test_the_bundled_rules_load() -> None:
    rules = FusionRules.load(WEIGHTS / "fusion.json")
    assert all(rules.learned.pool_for(set_) for size in (2, 3) for set_ in combinations(MODALITIES, size))
    assert all(
        0 < rules.learned.performance[m] < 1 and 0 < rules.unimodal_threshold[m] < 1 for m in MODALITIES
    )
    assert 0 < rules.sure_from < 1
    assert 0 < rules.contradiction < 1


def test_the_bundled_rules_were_fitted_to_the_bundled_models() -> None:
    fitted = read_json(WEIGHTS / "fusion.json")
    specs = {m: read_json(WEIGHTS / m / "spec.json") for m in MODALITIES}
    assert fitted["models"] == {m: spec["sha256"] for m, spec in specs.items()}
    assert fitted["sure_alone"] == {m: spec["sure_from"] for m, spec in specs.items()}


@given(joint=joints)
def test_what_was_learned_survives_json(joint: JointPool, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("weights") / "fusion.json"
    path.write_text(json.dumps({**GOOD, "joints": [pool_as_dict(joint)]}))
    again = FusionRules.load(path).learned.pool_for({"voice", "face"})
    assert again
    posteriors = {m: np.array(leaning(k, 0.6).probabilities) for k, m in enumerate(joint.weights)}
    assert again.logits(posteriors) == pytest.approx(joint.logits(posteriors), abs=1e-2)


@pytest.mark.parametrize(
    ("confidence", "sure"), [(0.45, (False, True)), (0.55, (True, True)), (0.25, (False, False))]
)
def test_each_modality_alone_has_its_own_threshold(confidence: float, sure: tuple[bool, bool]) -> None:
    rules = FusionRules(sure_from=0.9, unimodal_threshold={"face": 0.5, "voice": 0.3})
    only = part(leaning(0, confidence))
    assert (fuse(only, None, rules).sure, fuse(None, only, rules).sure) == sure
    assert fuse(only, None, replace(rules, unimodal_threshold={})).sure is False


GOOD = {
    "joints": [pool_as_dict(one_for_each(face=1.0, voice=0.5))],
    "performance": {"face": 0.5, "voice": 0.5},
    "sure_from": 0.4,
    "sure_alone": {"face": 0.5, "voice": 0.3},
    "contradiction": 0.2,
}


@pytest.mark.parametrize("missing", GOOD)
def test_rules_that_lack_something_say_so(missing: str, tmp_path: Path) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(json.dumps(GOOD))
    assert FusionRules.load(path).sure_from == 0.4
    path.write_text(json.dumps({k: v for k, v in GOOD.items() if k != missing}))
    with pytest.raises(BadBundle, match=missing):
        FusionRules.load(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"joints": 3}', '{"joints": [{"weights": {"face": {}}}]}', "\x00"]
)
def test_rules_that_are_no_rules_say_so(text: str, tmp_path: Path) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(text)
    with pytest.raises(BadBundle, match=r"fusion\.json"):
        FusionRules.load(path)


def test_rules_that_are_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="No such file"):
        FusionRules.load(tmp_path / "fusion.json")


codes = st.lists(st.sampled_from(["more_light", "hold_still", "closer"]), max_size=3).map(tuple)
measures = st.dictionaries(st.sampled_from(["weight", "pixels", "snr_db"]), st.floats(0, 1e6))
passages = st.lists(st.builds(Passage, st.floats(0, 30), st.floats(30, 60), distributions), max_size=3).map(
    tuple
)
parts = st.builds(ModalityReading, distributions, measures, codes, measures, st.booleans(), passages)


@given(parts)
def test_a_reading_of_one_survives_json(reading: ModalityReading) -> None:
    again = ModalityReading.from_dict(json.loads(json.dumps(reading.as_dict())))
    assert close(again.posterior, reading.posterior)
    assert (again.quality, again.hints, again.ms) == (reading.quality, reading.hints, reading.ms)
    assert again.calibrated == reading.calibrated
    assert [(p.start, p.end) for p in again.course] == [(p.start, p.end) for p in reading.course]
    assert all(close(a.posterior, p.posterior) for a, p in zip(again.course, reading.course, strict=True))


@pytest.mark.parametrize("missing", ["probabilities", "quality", "hints", "ms"])
def test_a_reading_that_lacks_something_is_refused(missing: str) -> None:
    values = part(leaning(0, 0.5)).as_dict()
    del values[missing]
    with pytest.raises(KeyError):
        ModalityReading.from_dict(values)


@given(parts, st.one_of(st.none(), parts))
def test_what_a_reading_says_of_both_goes_into_json(
    face: ModalityReading, voice: ModalityReading | None
) -> None:
    reading = Reading(face.posterior, True, False, face, voice)
    said = json.loads(json.dumps(reading.as_dict()))
    assert Posterior.from_dict(said["probabilities"]).top is reading.posterior.top
    assert (said["confidence"], said["sure"], said["disagree"]) == (reading.confidence, True, False)
    assert said["quality"] == {f"{name}_weight": p.weight for name, p in reading.parts.items()}
    assert len(said["hints"]) == len(face.hints) + len(voice.hints if voice else ())
    assert set(said["ms"]) == set(reading.parts)
    assert (said["valence"], said["arousal"]) == (reading.affect.valence, reading.affect.arousal)
