"""Corrections lean later readings of the same person their way, and only theirs."""

from datetime import UTC, datetime

import pytest

from bot.ui.pictures import reading_caption
from bot.ui.words import words_for
from bot.usecases.personal_bias import fused, learned_bias
from domain import EMOTIONS, Emotion, Posterior
from domain.readings import StoredReading
from inference import FusionRules, ModalityReading
from storage.checkins import Checkin

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULES = FusionRules()
NEUTRAL = ModalityReading(Posterior.of([1, 1, 1, 1, 6, 3, 1]), {"weight": 1.0})


def read(corrected: Emotion | None, face: ModalityReading | None = NEUTRAL) -> Checkin:
    reading = StoredReading(face.posterior, (face.posterior.top,)) if face else None
    return Checkin(
        id=1,
        person_id=7,
        opened_at=NOW,
        touched_at=NOW,
        state="read",
        face=face,
        voice=None,
        text=None,
        reading=reading,
        corrected=corrected,
        corrected_at=NOW if corrected else None,
        wish=None,
        face_update_id=None,
        voice_update_id=None,
        text_update_id=None,
        origin=None,
    )


def sad(checkins: int) -> float:
    """The probability of sadness in a reading after so many corrections to it."""
    bias = learned_bias([read(Emotion.SAD)] * checkins, RULES)
    return fused(read(None), RULES, bias).posterior.probabilities[EMOTIONS.index(Emotion.SAD)]


def test_without_corrections_nothing_changes() -> None:
    assert learned_bias([read(None)] * 5, RULES) is None
    assert learned_bias([], RULES) is None


def test_what_was_told_without_a_reading_teaches_nothing_about_reading() -> None:
    assert learned_bias([read(Emotion.SAD, face=None)] * 5, RULES) is None


def test_corrections_lean_the_next_reading_their_way_the_more_the_oftener() -> None:
    leaned = [sad(n) for n in (0, 1, 3, 10)]
    assert leaned == sorted(leaned)
    assert leaned[0] < leaned[1]


def test_it_is_said_where_corrections_had_a_say() -> None:
    words, reading = words_for("en"), fused(read(None), RULES)
    assert "earlier corrections" in reading_caption(reading, words, by_personal_bias=True)
    assert "earlier corrections" not in reading_caption(reading, words)


def test_a_check_in_with_nothing_in_it_is_no_reading() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fused(read(None, face=None), RULES)
