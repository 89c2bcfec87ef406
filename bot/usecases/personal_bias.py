"""Learn from a person's corrections how to read them."""

from collections.abc import Sequence

from inference import FusionRules, PersonalBias, Reading, fuse, learn_personal_bias
from storage.checkins import Checkin

REMEMBERED = 50  # readings


def fused(checkin: Checkin, rules: FusionRules, bias: PersonalBias | None = None) -> Reading:
    """Fuse what a check-in holds, for a person of this bias; raises ValueError when there is nothing in it."""
    return fuse(checkin.face, checkin.voice, rules, text=checkin.text, bias=bias)


def learned_bias(earlier: Sequence[Checkin], rules: FusionRules) -> PersonalBias | None:
    """Learn from what the person corrected in earlier readings and left standing; None where nothing was corrected."""
    read = [checkin for checkin in earlier if checkin.reading is not None]
    if not any(checkin.corrected for checkin in read):
        return None
    return learn_personal_bias([(fused(c, rules).posterior, c.corrected) for c in read])
