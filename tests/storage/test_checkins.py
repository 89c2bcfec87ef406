"""A check-in: either order, minutes apart, one open at a time."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain import EMOTIONS, Emotion, Posterior
from domain.readings import ModalityReading, Passage, Reading, StoredReading
from storage import checkins
from storage.types import Json
from tests.storage.conftest import PERSON, STRANGER

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FACE = ModalityReading(Posterior.certain(Emotion.HAPPY), {"weight": 0.75})
VOICE = ModalityReading(
    Posterior.certain(Emotion.SAD),
    {"weight": 0.5, "seconds": 12.5},
    ("short",),
    {"model": 3.5},
    calibrated=False,
    course=(Passage(0, 6.25, Posterior.certain(Emotion.SAD)),),
)
SECOND = ModalityReading(Posterior.certain(Emotion.FEAR), {})
READING = Reading(Posterior.certain(Emotion.HAPPY), sure=True, disagree=False, face=FACE)
LATER = Reading(Posterior.certain(Emotion.SAD), sure=True, disagree=False, voice=VOICE)


def _later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def _read(s: AsyncSession, person_id: int = PERSON) -> checkins.Checkin:
    """A check-in that became a reading."""
    checkin = await checkins.start(s, person_id, NOW)
    assert await checkins.set_reading(s, checkin.id, READING, NOW)
    return checkin


async def test_both_sides_join_one_row_in_either_order(s: AsyncSession) -> None:
    started = await checkins.start(s, PERSON, NOW)
    assert (started.state, started.face, started.voice, started.touched_at) == ("open", None, None, NOW)
    assert await checkins.put_parts(s, started.id, {"voice": VOICE}, 11, _later(10))
    found = await checkins.open_for(s, PERSON, _later(39), HALF_HOUR)
    assert found is not None
    assert (found.id, found.face, found.voice, found.voice_update_id) == (started.id, None, VOICE, 11)
    assert await checkins.put_parts(s, started.id, {"face": FACE}, 12, _later(40))
    assert await checkins.put_parts(s, started.id, {"face": SECOND}, 13, _later(41))
    joined = await checkins.get(s, started.id)
    assert joined is not None
    assert (joined.face, joined.face_update_id, joined.voice) == (SECOND, 13, VOICE)
    assert joined.touched_at == _later(41)


async def test_what_lay_too_long_is_cancelled_and_its_numbers_go(s: AsyncSession) -> None:
    started = await checkins.start(s, PERSON, NOW)
    await checkins.put_parts(s, started.id, {"face": FACE}, 1, NOW)
    assert await checkins.open_for(s, PERSON, _later(30), HALF_HOUR) is not None
    assert await checkins.open_for(s, PERSON, _later(30.1), HALF_HOUR) is None
    old = await checkins.get(s, started.id)
    assert old is not None
    assert (old.state, old.face) == ("cancelled", None)
    assert not await checkins.put_parts(s, started.id, {"voice": VOICE}, 2, _later(31))
    assert not await checkins.set_reading(s, started.id, LATER, _later(31))


async def test_one_is_open_at_a_time_and_people_do_not_mix(s: AsyncSession) -> None:
    first = await checkins.start(s, PERSON, NOW)
    other = await checkins.start(s, STRANGER, NOW)
    second = await checkins.start(s, PERSON, NOW)
    assert first.id < other.id < second.id
    found = await checkins.open_for(s, STRANGER, NOW, HALF_HOUR)
    assert found is not None
    assert found.id == other.id
    assert await checkins.cancel_open(s, PERSON) == 1
    assert await checkins.cancel_open(s, PERSON) == 0
    assert await checkins.open_for(s, PERSON, NOW, HALF_HOUR) is None
    assert await checkins.open_for(s, STRANGER, NOW, HALF_HOUR) is not None


async def test_a_reading_closes_the_checkin_and_takes_no_more_photos(s: AsyncSession) -> None:
    checkin = await _read(s)
    assert await checkins.open_for(s, PERSON, NOW, HALF_HOUR) is None
    assert not await checkins.put_parts(s, checkin.id, {"face": FACE}, 3, NOW)
    assert await checkins.set_reading(s, checkin.id, LATER, NOW)
    latest = await checkins.latest_read(s, PERSON)
    assert latest is not None
    assert (latest.id, latest.state, latest.reading) == (
        checkin.id,
        "read",
        StoredReading(LATER.posterior, (Emotion.SAD,)),
    )
    assert await checkins.latest_read(s, STRANGER) is None


async def test_the_latest_reading_and_the_latest_wish(s: AsyncSession) -> None:
    old, new = await _read(s), await _read(s)
    await _read(s, STRANGER)
    await checkins.start(s, PERSON, NOW)
    latest = await checkins.latest_read(s, PERSON)
    assert latest is not None
    assert latest.id == new.id
    assert await checkins.pending_wish(s, PERSON) is None
    await checkins.set_wish(s, old.id, "regulate")
    wished = await checkins.pending_wish(s, PERSON)
    assert wished is not None
    assert (wished.id, wished.wish) == (old.id, "regulate")
    await checkins.set_wish(s, old.id, None)
    assert await checkins.pending_wish(s, PERSON) is None


async def test_a_correction_is_one_of_the_seven(s: AsyncSession) -> None:
    checkin = await _read(s)
    await checkins.correct(s, checkin.id, Emotion.FEAR)
    corrected = await checkins.get(s, checkin.id)
    assert corrected is not None
    assert corrected.corrected is Emotion.FEAR
    with pytest.raises(IntegrityError, match="corrected"):
        await s.execute(text("UPDATE checkins SET corrected = 'bored'"))


async def test_times_need_a_zone_and_come_back_in_utc(s: AsyncSession) -> None:
    zone = datetime.fromisoformat("2026-11-22T14:00:00+02:00")
    assert (await checkins.start(s, PERSON, zone)).opened_at == NOW
    with pytest.raises(Exception, match="time zone"):
        await checkins.start(s, PERSON, datetime(2026, 11, 22))  # noqa: DTZ001


async def test_a_mood_can_be_told_without_any_medium(s: AsyncSession) -> None:
    half = await checkins.start(s, PERSON, NOW)
    told = await checkins.tell(s, PERSON, Emotion.SAD, NOW)
    assert (told.state, told.reading, told.corrected, told.answered) == ("read", None, "sad", True)
    assert told.corrected_at is not None
    dropped = await checkins.get(s, half.id)
    assert dropped is not None
    assert dropped.state == "cancelled"
    with pytest.raises(IntegrityError):
        await s.execute(text("UPDATE checkins SET corrected = 'sleepy' WHERE state = 'read'"))


async def test_corrections_of_readings_are_forgotten_and_what_was_told_stays(s: AsyncSession) -> None:
    read = await _read(s)
    await checkins.correct(s, read.id, Emotion.SAD)
    told = await checkins.tell(s, PERSON, Emotion.HAPPY, NOW)
    assert await checkins.forget_corrections(s, STRANGER) == 0
    assert await checkins.forget_corrections(s, PERSON) == 1
    assert [c.corrected for c in await checkins.history(s, PERSON, 9)] == [None, "happy"]
    assert told.corrected == "happy"


async def test_the_history_is_the_persons_own_and_ends_today(s: AsyncSession) -> None:
    await checkins.tell(s, STRANGER, Emotion.FEAR, NOW)
    for emotion in (Emotion.SAD, Emotion.NEUTRAL, Emotion.HAPPY):
        await checkins.tell(s, PERSON, emotion, NOW)
    await checkins.start(s, PERSON, NOW)
    assert [c.corrected for c in await checkins.history(s, PERSON, 2)] == ["neutral", "happy"]


async def test_where_media_are_from_is_found_again_by_their_person_only(s: AsyncSession) -> None:
    checkin = await checkins.start(s, PERSON, NOW)
    await checkins.put_parts(s, checkin.id, {"face": FACE}, 1, NOW, "holiday")
    found = await checkins.of_origin(s, PERSON, "holiday")
    assert found is not None
    assert found.id == checkin.id
    assert await checkins.of_origin(s, STRANGER, "holiday") is None


_PROBABILITIES = dict(zip(EMOTIONS, (0.01, 0.02, 0.05, 0.5, 0.2, 0.12, 0.1), strict=True))
_PLANE = {"valence": 0.25, "arousal": 0.125}
_FACE_OF_OLD = {
    "probabilities": _PROBABILITIES,
    **_PLANE,
    "quality": {"weight": 0.9, "pixels": 128.0},
    "hints": ["more_light"],
    "ms": {"decode": 4.5},
}
_READING_OF_OLD = {
    "probabilities": _PROBABILITIES,
    **_PLANE,
    "quality": {"face_weight": 0.9},
    "hints": ["more_light"],
    "ms": {"face": 4.5},
    "confidence": 0.5,
    "sure": False,
    "disagree": False,
}
_LATER_FACE = {
    **_FACE_OF_OLD,
    "valence_sd": 0.5,
    "arousal_sd": 0.5,
    "calibrated": False,
    "course": [{"start": 0.0, "end": 8.0, "probabilities": _PROBABILITIES}],
}
_LATER_READING = {**_READING_OF_OLD, "calibrated": False, "sides": [], "candidates": ["happy", "neutral"]}


@pytest.mark.parametrize(
    ("face", "reading", "candidates"),
    [
        (_FACE_OF_OLD, _READING_OF_OLD, (Emotion.HAPPY,)),
        (_LATER_FACE, _LATER_READING, (Emotion.HAPPY, Emotion.NEUTRAL)),
    ],
    ids=["the first version", "with calibration, course and candidates"],
)
async def test_what_earlier_versions_stored_is_read(
    s: AsyncSession, face: Json, reading: Json, candidates: tuple[Emotion, ...]
) -> None:
    checkin = await _read(s)
    stored = {"face": json.dumps(face), "reading": json.dumps(reading)}
    await s.execute(text("UPDATE checkins SET face = :face, reading = :reading"), stored)
    found = await checkins.get(s, checkin.id)
    assert found is not None
    assert found.face is not None
    assert found.reading is not None
    assert found.face.posterior.as_dict() == pytest.approx(_PROBABILITIES)
    assert (found.face.weight, found.face.hints) == (0.9, ("more_light",))
    assert found.face.calibrated == ("calibrated" not in face)
    assert len(found.face.course) == len(face.get("course", ()))
    assert found.reading.posterior.as_dict() == pytest.approx(_PROBABILITIES)
    assert found.reading.candidates == candidates


async def test_readings_are_written_as_their_json(s: AsyncSession) -> None:
    checkin = await checkins.start(s, PERSON, NOW)
    await checkins.put_parts(s, checkin.id, {"voice": VOICE}, 1, NOW)
    await checkins.set_reading(s, checkin.id, LATER, NOW)
    (row,) = await s.execute(text("SELECT face, voice, reading FROM checkins"))
    assert tuple(row) == (None, json.dumps(VOICE.as_dict()), json.dumps(LATER.as_dict()))
