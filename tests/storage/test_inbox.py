"""Updates: known once, waiting in order, emptied when handled."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox


async def test_an_update_is_taken_once(s: AsyncSession) -> None:
    assert await inbox.add(s, 7, 1, 2, {"text": "first"})
    assert not await inbox.add(s, 7, 1, 2, {"text": "again"})
    assert await inbox.pending(s) == [inbox.InboxItem(7, 1, 2, {"text": "first"}, attempts=0)]


async def test_what_waits_comes_in_the_order_of_the_updates(s: AsyncSession) -> None:
    for update_id in (30, 10, 20):
        await inbox.add(s, update_id, None, None, {})
    assert [item.update_id for item in await inbox.pending(s)] == [10, 20, 30]


async def test_attempts_are_counted(s: AsyncSession) -> None:
    await inbox.add(s, 1, None, None, {})
    await inbox.begin(s, 1)
    await inbox.begin(s, 1)
    assert [item.attempts for item in await inbox.pending(s)] == [2]


async def test_a_handled_update_is_emptied_and_still_known_until_pruned(s: AsyncSession) -> None:
    await inbox.add(s, 1, 5, 5, {"text": "secret"})
    await inbox.add(s, 2, 5, 5, {"text": "waits"})
    await inbox.done(s, 1)
    assert [item.update_id for item in await inbox.pending(s)] == [2]
    assert not await inbox.add(s, 1, 5, 5, {"text": "repeated"})
    assert await inbox.prune(s, timedelta(hours=1)) == 0
    assert await inbox.prune(s, timedelta(0)) == 1
    assert await inbox.add(s, 1, 5, 5, {})
    assert [item.update_id for item in await inbox.pending(s)] == [1, 2]


async def test_ids_beyond_32_bits_and_any_json_come_back_as_they_were(s: AsyncSession) -> None:
    payload = {"text": "ночь \ud83d \x00 \"'", "list": [1, 2.5, None, True], "nested": {"id": 2**52}}
    await inbox.add(s, 2**40, -(2**45), 2**51, payload)
    (item,) = await inbox.pending(s)
    assert item == inbox.InboxItem(2**40, -(2**45), 2**51, payload, 0)
