"""People, modes, consents."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import people
from tests.storage.conftest import PERSON, STRANGER


async def test_a_newcomer_is_asked_and_what_telegram_says_is_kept_fresh(s: AsyncSession) -> None:
    assert await people.get_or_create(s, 1, 10, "de") == people.Person(1, 10, "de", "ask")
    await people.set_mode(s, 1, "regulate")
    assert await people.get_or_create(s, 1, 11, None) == people.Person(1, 11, None, "regulate")


async def test_modes_are_only_the_three(s: AsyncSession) -> None:
    with pytest.raises(IntegrityError, match="mode"):
        await people.set_mode(s, PERSON, "party")  # type: ignore[arg-type]


async def test_consent_is_given_once_withdrawn_and_given_again(s: AsyncSession) -> None:
    assert not await people.has_consent(s, PERSON)
    assert await people.give_consent(s, PERSON, "1")
    assert not await people.give_consent(s, PERSON, "1")
    assert await people.has_consent(s, PERSON)
    assert not await people.has_consent(s, STRANGER)
    await people.withdraw_consent(s, PERSON)
    assert not await people.has_consent(s, PERSON)
    assert await people.give_consent(s, PERSON, "1")
    assert await people.has_consent(s, PERSON)


async def test_a_new_version_is_a_consent_of_its_own(s: AsyncSession) -> None:
    assert await people.give_consent(s, PERSON, "1")
    assert await people.give_consent(s, PERSON, "2")
    await people.withdraw_consent(s, PERSON)
    assert not await people.has_consent(s, PERSON)
    exported = await people.export(s, PERSON)
    assert all(consent["withdrawn_at"] for consent in exported["consents"])
