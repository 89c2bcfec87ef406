"""What is too old goes, and nothing else."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain import Emotion
from domain.tracks import Track
from storage import checkins, people, playlists, plays, retention
from storage.models import PersonRow
from storage.types import utcnow
from tests.storage.conftest import PERSON, STRANGER

YEAR = timedelta(days=365)


async def _listen(s: AsyncSession, age: timedelta) -> int:
    """A mood told so long ago, with a track that followed."""
    checkin = await checkins.tell(s, PERSON, Emotion.SAD, utcnow() - age)
    (play,) = await plays.add(s, PERSON, checkin.id, "match", [(None, "Blue", "Ida", None)])
    await plays.set_thumb(s, play, 1)
    return checkin.id


async def test_old_check_ins_go_with_what_followed_and_playlists_stay(s: AsyncSession) -> None:
    await people.give_consent(s, PERSON, "1")
    await playlists.add(s, PERSON, "Mine", "file", None, [(Track("Blue", "Ida"), None)])
    old, young = await _listen(s, 2 * YEAR), await _listen(s, YEAR / 2)
    assert await retention.expire(s, utcnow() - YEAR) == 1
    assert await checkins.get(s, old) is None
    assert await checkins.get(s, young) is not None
    assert await plays.for_checkin(s, old) == []
    assert len(await plays.thumbs(s, PERSON)) == 1
    assert await playlists.active(s, PERSON) != []
    assert await people.has_consent(s, PERSON)


async def test_who_was_not_seen_for_so_long_is_forgotten(s: AsyncSession) -> None:
    await people.give_consent(s, PERSON, "1")
    await playlists.add(s, PERSON, "Mine", "file", None, [(Track("Blue", "Ida"), None)])
    unseen = update(PersonRow).where(PersonRow.id == PERSON)
    await s.execute(unseen.values(seen_at=utcnow() - 2 * YEAR))
    assert await retention.expire(s, utcnow() - YEAR) >= 4
    assert list(await s.scalars(select(PersonRow.id))) == [STRANGER]
    assert not any((await people.export(s, PERSON)).values())


async def test_a_consent_withdrawn_long_ago_leaves_no_record(s: AsyncSession) -> None:
    await people.give_consent(s, PERSON, "1")
    await people.withdraw_consent(s, PERSON)
    assert await retention.expire(s, utcnow() - YEAR) == 0
    assert (
        await retention.expire(s, utcnow() + YEAR / 365) == 3
    )  # the consent, and both people of the fixture
