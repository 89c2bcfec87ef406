"""Tell how a person is by a check-in: what they said themselves, else what was read."""

from domain import Emotion, Posterior
from storage.checkins import Checkin


def personal_state(checkin: Checkin) -> Posterior:
    """Return the person's own word, else the reading; only for check-ins that are answered."""
    if checkin.corrected:
        return Posterior.certain(checkin.corrected)
    assert checkin.reading is not None
    return checkin.reading.posterior


def emotions_of(checkin: Checkin) -> tuple[Emotion, ...]:
    """Return what the person said, else what was read: two emotions where the reading did not choose."""
    if checkin.corrected:
        return (checkin.corrected,)
    assert checkin.reading is not None
    return checkin.reading.candidates
