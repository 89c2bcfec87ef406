"""What is too old to be kept goes, and what is not stays."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from bot.jobs.retention import Retention, tidy
from bot.updates.telegram_time import trusted_now
from domain import Emotion
from storage import Database, checkins, inbox, outbox, people
from storage.models import CheckinRow, InboxRow, OutboxRow, PersonRow

ANA, BO = 1, 2


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as opened:
        yield opened


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def test_readings_go_after_the_days_of_the_setting_and_people_who_do_not_come_back(
    db: Database,
) -> None:
    async with db.write() as s:
        for person_id, seen in ((ANA, 9), (BO, 11)):
            await people.get_or_create(s, person_id, person_id, "en")
            await s.execute(update(PersonRow).where(PersonRow.id == person_id).values(seen_at=days_ago(seen)))
        moods = [await checkins.tell(s, ANA, Emotion.SAD, days_ago(days)) for days in (11, 9)]
    await tidy(db, Retention(10), datetime.now(UTC))
    async with db.read() as s:
        assert list(await s.scalars(select(PersonRow.id))) == [ANA]
        assert list(await s.scalars(select(CheckinRow.id))) == [moods[1].id]


async def test_messages_are_remembered_for_two_days_but_not_before_they_are_done(db: Database) -> None:
    async with db.write() as s:
        for number in range(1, 5):
            await inbox.add(s, number, ANA, ANA, {})
            await outbox.add(s, f"{number}:1", ANA, "sendMessage", {"text": "hello"})
        for number, days in ((1, 1.9), (2, 2.1)):
            await s.execute(
                update(InboxRow).where(InboxRow.update_id == number).values(handled_at=days_ago(days))
            )
            sent = update(OutboxRow).where(OutboxRow.key == f"{number}:1").values(state="sent")
            await s.execute(sent.values(created_at=days_ago(days)))
        waiting = update(InboxRow).where(InboxRow.update_id == 3).values(received_at=days_ago(9))
        await s.execute(waiting)
        await s.execute(update(OutboxRow).where(OutboxRow.key == "3:1").values(created_at=days_ago(9)))
    await tidy(db, Retention(10), datetime.now(UTC))
    async with db.read() as s:
        assert list(await s.scalars(select(InboxRow.update_id).order_by(InboxRow.update_id))) == [1, 3, 4]
        assert list(await s.scalars(select(OutboxRow.key).order_by(OutboxRow.id))) == ["1:1", "3:1", "4:1"]


async def seen(db: Database, days: list[float]) -> None:
    async with db.write() as s:
        for person_id, ago in enumerate(days, 1):
            await people.get_or_create(s, person_id, person_id, "en")
            row = update(PersonRow).where(PersonRow.id == person_id)
            await s.execute(row.values(seen_at=days_ago(ago)))


async def left(db: Database) -> int:
    async with db.read() as s:
        return len(list(await s.scalars(select(PersonRow.id))))


async def test_nobody_goes_by_a_clock_that_may_be_wrong(db: Database) -> None:
    await seen(db, [9, 11])
    await tidy(db, Retention(10), None)
    assert await left(db) == 2


@pytest.mark.parametrize(("share", "stay"), [(0.2, 40), (1.0, 0)])
async def test_a_large_share_of_people_goes_only_where_the_setting_says_so(
    db: Database, share: float, stay: int
) -> None:
    await seen(db, [1.0] * 40)
    await tidy(db, Retention(365, share), datetime.now(UTC) + timedelta(days=400))
    assert await left(db) == stay


async def test_a_small_share_of_people_goes_as_it_should(db: Database) -> None:
    await seen(db, [1.0] * 60 + [400.0] * 11)
    await tidy(db, Retention(365, 0.2), datetime.now(UTC))
    assert await left(db) == 60


@pytest.mark.parametrize(("ahead", "trusted"), [(0, True), (400, False), (-400, False)])
async def test_the_clock_is_compared_with_telegrams(ahead: float, trusted: bool) -> None:
    async def answer(_: httpx.Request) -> httpx.Response:
        theirs = datetime.now(UTC) - timedelta(days=ahead)
        return httpx.Response(302, headers={"Date": format_datetime(theirs, usegmt=True)})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        now = await trusted_now(client, "https://api.telegram.org")
    assert (now is not None) == trusted


async def test_where_telegram_does_not_tell_the_time_nobody_knows_it() -> None:
    async def silent(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(silent)) as client:
        assert await trusted_now(client, "https://api.telegram.org") is None
