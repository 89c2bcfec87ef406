"""Learn from a person's corrections how to read them."""

from collections.abc import Sequence
from typing import Any

from domain import Emotion
from inference import FusionRules, ModalityReading, PersonalBias, Reading, fuse, learn_personal_bias
from storage.checkins import Checkin

REMEMBERED = 50  # readings


def fused(checkin: Checkin, rules: FusionRules, bias: PersonalBias | None = None) -> Reading:
    """Fuse what a check-in holds, for a person of this bias; raises ValueError when there is nothing in it."""
    face, voice, text = _part(checkin.face), _part(checkin.voice), _part(checkin.text)
    return fuse(face, voice, rules, text=text, bias=bias)


def learned_bias(earlier: Sequence[Checkin], rules: FusionRules) -> PersonalBias | None:
    """Learn from what the person corrected in earlier readings and left standing; None where nothing was corrected."""
    read = [checkin for checkin in earlier if checkin.reading is not None]
    if not any(checkin.corrected for checkin in read):
        return None
    return learn_personal_bias(
        [(fused(c, rules).posterior, Emotion(c.corrected) if c.corrected else None) for c in read]
    )


def _part(values: dict[str, Any] | None) -> ModalityReading | None:
    return ModalityReading.from_dict(values) if values else None
