"""A check-in: either order, minutes apart, one open at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import checkins
from tests.storage.conftest import PERSON, STRANGER

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FACE = {"probabilities": {"happy": 0.75}, "hints": []}
VOICE = {"probabilities": {"sad": 0.5}, "hints": ["short"]}


def _later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def _read(s: AsyncSession, person_id: int = PERSON) -> checkins.Checkin:
    """A check-in that became a reading."""
    checkin = await checkins.start(s, person_id, NOW)
    assert await checkins.set_reading(s, checkin.id, {"fused": 1}, NOW)
    return checkin


async def test_both_sides_join_one_row_in_either_order(s: AsyncSession) -> None:
    started = await checkins.start(s, PERSON, NOW)
    assert (started.state, started.face, started.voice, started.touched_at) == ("open", None, None, NOW)
    assert await checkins.set_modality(s, started.id, "voice", VOICE, 11, _later(10))
    found = await checkins.open_for(s, PERSON, _later(39), HALF_HOUR)
    assert found is not None
    assert (found.id, found.face, found.voice, found.voice_update_id) == (started.id, None, VOICE, 11)
    assert await checkins.set_modality(s, started.id, "face", FACE, 12, _later(40))
    assert await checkins.set_modality(s, started.id, "face", {"second": 2}, 13, _later(41))
    joined = await checkins.get(s, started.id)
    assert joined is not None
    assert (joined.face, joined.face_update_id, joined.voice) == ({"second": 2}, 13, VOICE)
    assert joined.touched_at == _later(41)


async def test_what_lay_too_long_is_cancelled_and_its_numbers_go(s: AsyncSession) -> None:
    started = await checkins.start(s, PERSON, NOW)
    await checkins.set_modality(s, started.id, "face", FACE, 1, NOW)
    assert await checkins.open_for(s, PERSON, _later(30), HALF_HOUR) is not None
    assert await checkins.open_for(s, PERSON, _later(30.1), HALF_HOUR) is None
    old = await checkins.get(s, started.id)
    assert old is not None
    assert (old.state, old.face) == ("cancelled", None)
    assert not await checkins.set_modality(s, started.id, "voice", VOICE, 2, _later(31))
    assert not await checkins.set_reading(s, started.id, {"late": 1}, _later(31))


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
    assert not await checkins.set_modality(s, checkin.id, "face", FACE, 3, NOW)
    assert await checkins.set_reading(s, checkin.id, {"fused": 2}, NOW)
    latest = await checkins.latest_read(s, PERSON)
    assert latest is not None
    assert (latest.id, latest.state, latest.reading) == (checkin.id, "read", {"fused": 2})
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
    await checkins.correct(s, checkin.id, "fear")
    corrected = await checkins.get(s, checkin.id)
    assert corrected is not None
    assert corrected.corrected == "fear"
    with pytest.raises(IntegrityError, match="corrected"):
        await checkins.correct(s, checkin.id, "bored")


async def test_times_need_a_zone_and_come_back_in_utc(s: AsyncSession) -> None:
    zone = datetime.fromisoformat("2026-11-22T14:00:00+02:00")
    assert (await checkins.start(s, PERSON, zone)).opened_at == NOW
    with pytest.raises(Exception, match="time zone"):
        await checkins.start(s, PERSON, datetime(2026, 11, 22))  # noqa: DTZ001


async def test_a_mood_can_be_told_without_any_medium(s: AsyncSession) -> None:
    half = await checkins.start(s, PERSON, NOW)
    told = await checkins.tell(s, PERSON, "sad", NOW)
    assert (told.state, told.reading, told.corrected, told.answered) == ("read", None, "sad", True)
    assert told.corrected_at is not None
    dropped = await checkins.get(s, half.id)
    assert dropped is not None
    assert dropped.state == "cancelled"
    with pytest.raises(IntegrityError):
        await checkins.tell(s, PERSON, "sleepy", NOW)


async def test_corrections_of_readings_are_forgotten_and_what_was_told_stays(s: AsyncSession) -> None:
    read = await _read(s)
    await checkins.correct(s, read.id, "sad")
    told = await checkins.tell(s, PERSON, "happy", NOW)
    assert await checkins.forget_corrections(s, STRANGER) == 0
    assert await checkins.forget_corrections(s, PERSON) == 1
    assert [c.corrected for c in await checkins.history(s, PERSON, 9)] == [None, "happy"]
    assert told.corrected == "happy"


async def test_the_history_is_the_persons_own_and_ends_today(s: AsyncSession) -> None:
    await checkins.tell(s, STRANGER, "fear", NOW)
    for label in ("sad", "neutral", "happy"):
        await checkins.tell(s, PERSON, label, NOW)
    await checkins.start(s, PERSON, NOW)
    assert [c.corrected for c in await checkins.history(s, PERSON, 2)] == ["neutral", "happy"]


async def test_where_media_are_from_is_found_again_by_their_person_only(s: AsyncSession) -> None:
    checkin = await checkins.start(s, PERSON, NOW)
    await checkins.set_origin(s, checkin.id, "holiday")
    found = await checkins.of_origin(s, PERSON, "holiday")
    assert found is not None
    assert found.id == checkin.id
    assert await checkins.of_origin(s, STRANGER, "holiday") is None
