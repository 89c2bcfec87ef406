"""Logins: one attempt at a time, taken back once, by the person who began it and in time."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import logins
from tests.storage.conftest import PERSON, STRANGER

HOUR = timedelta(hours=1)


async def take(s: AsyncSession, state: str, person_id: int = PERSON, age: timedelta = HOUR) -> str | None:
    return await logins.take_verifier(s, person_id, "spotify", state, age)


async def test_a_verifier_is_given_once_and_to_its_person_alone(s: AsyncSession) -> None:
    await logins.begin(s, PERSON, "spotify", "state", "sealed")
    assert await take(s, "other") is None
    assert await take(s, "state", STRANGER) is None
    assert await take(s, "state") == "sealed"
    assert await take(s, "state") is None


async def test_an_attempt_is_void_after_a_while_and_after_another(s: AsyncSession) -> None:
    await logins.begin(s, PERSON, "spotify", "old", "1")
    assert await take(s, "old", age=timedelta(seconds=-1)) is None
    await logins.begin(s, PERSON, "spotify", "new", "2")
    assert await take(s, "old") is None
    assert await take(s, "new") == "2"


async def test_a_token_is_kept_while_another_attempt_runs_and_until_it_is_removed(s: AsyncSession) -> None:
    assert not await logins.save_token(s, PERSON, "spotify", "sealed")
    await logins.begin(s, PERSON, "spotify", "a", "1")
    assert await logins.token(s, PERSON, "spotify") is None
    assert await logins.save_token(s, PERSON, "spotify", "sealed")
    await logins.begin(s, PERSON, "spotify", "b", "2")
    assert await logins.token(s, PERSON, "spotify") == "sealed"
    assert await logins.token(s, STRANGER, "spotify") is None
    assert await logins.remove(s, PERSON, "spotify")
    assert not await logins.remove(s, PERSON, "spotify")
    assert await logins.token(s, PERSON, "spotify") is None
    assert await take(s, "b") is None


async def test_everything_sealed_is_sealed_anew(s: AsyncSession) -> None:
    await logins.begin(s, PERSON, "spotify", "a", "v1")
    await logins.begin(s, STRANGER, "spotify", "b", "v2")
    await logins.save_token(s, PERSON, "spotify", "t1")
    assert await logins.reencrypt(s, str.upper) == 2
    assert await logins.token(s, PERSON, "spotify") == "T1"
    assert await logins.token(s, STRANGER, "spotify") is None
    assert await take(s, "b", STRANGER) == "V2"
