"""Tell how a person is by a check-in: what they said themselves, else what was read."""

from domain import Emotion, Posterior
from storage.checkins import Checkin


def personal_state(checkin: Checkin) -> Posterior:
    """Return the person's own word, else the reading; only for check-ins that are answered."""
    if checkin.corrected:
        return Posterior.certain(Emotion(checkin.corrected))
    assert checkin.reading is not None
    return Posterior.from_dict(checkin.reading["probabilities"])


def emotions_of(checkin: Checkin) -> tuple[Emotion, ...]:
    """Return what the person said, else what was read: two emotions where the reading did not choose."""
    named = checkin.reading.get("candidates") if checkin.reading and not checkin.corrected else None
    # Older readings name none.
    return tuple(map(Emotion, named)) if named else (personal_state(checkin).top,)
