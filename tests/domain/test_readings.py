"""How sure a reading is called, and what it is called to rest on less."""

import pytest

from domain import EMOTIONS, Posterior
from domain.readings import Certainty, ModalityReading, Reading, whole_percent


def _part(confidence: float, weight: float = 1.0, *, calibrated: bool = True) -> ModalityReading:
    rest = (1 - confidence) / (len(EMOTIONS) - 1)
    posterior = Posterior.of((confidence, *(rest for _ in EMOTIONS[1:])))
    return ModalityReading(posterior, {"weight": weight}, calibrated=calibrated)


@pytest.mark.parametrize(
    ("confidence", "sure", "called"),
    [
        (0.76, True, Certainty.QUITE),
        (0.74, True, Certainty.FAIRLY),
        (0.76, False, Certainty.UNSURE),
    ],
)
def test_a_reading_is_called_as_sure_as_it_is(confidence: float, sure: bool, called: Certainty) -> None:
    part = _part(confidence)
    assert Reading(part.posterior, sure, False, face=part).certainty is called


def test_what_contradicts_itself_or_was_never_measured_is_called_so() -> None:
    guessed = _part(0.9, calibrated=False)
    assert Reading(guessed.posterior, True, False, face=guessed).certainty is Certainty.UNMEASURED
    sides = Reading(guessed.posterior, False, True, guessed, _part(0.9), sides=("face", "voice"))
    assert sides.certainty is Certainty.CONTRADICTORY


def test_what_counted_clearly_less_is_told_where_there_is_a_rest() -> None:
    faint, clear = _part(0.9, 0.79), _part(0.9, 0.8)
    assert Reading(clear.posterior, True, False, faint, clear).discounted == ("face",)
    assert Reading(faint.posterior, True, False, faint).discounted == ()


def test_no_percentage_says_that_something_is_certain() -> None:
    assert [whole_percent(p) for p in (0.0, 0.704, 0.994, 0.995, 1.0)] == [0, 70, 99, None, None]
