"""The lines of messages: order within a chat, nothing sent twice, whatever happens."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox

A, B = 100, 200


async def _add(s: AsyncSession, chat_id: int, *keys: str) -> None:
    for key in keys:
        assert await outbox.add(s, key, chat_id, "sendMessage", {"text": key})


async def _send(s: AsyncSession, chat_id: int) -> outbox.OutboxItem:
    item = await outbox.head(s, chat_id)
    assert item is not None
    assert await outbox.mark_sending(s, item.id)
    return item


async def _state(s: AsyncSession, key: str) -> str:
    item = await outbox.find(s, key)
    assert item is not None
    return item.state


async def _next(s: AsyncSession, *exclude: int) -> str | None:
    item = await outbox.next_pending(s, set(exclude))
    return item.key if item else None


async def test_a_key_is_recorded_once(s: AsyncSession) -> None:
    assert await outbox.add(s, "k", A, "sendMessage", {"text": "one"}, person_id=9)
    assert not await outbox.add(s, "k", A, "sendMessage", {"text": "two"})
    item = await outbox.find(s, "k")
    assert item is not None
    assert (item.arguments, item.person_id, item.state) == ({"text": "one"}, 9, "pending")
    assert await outbox.find(s, "other") is None


async def test_a_message_knows_the_update_that_it_answers(s: AsyncSession) -> None:
    assert await outbox.add(s, "tracks:17", A, "sendMessage", {})
    assert await outbox.add(s, "99:ack", A, "sendMessage", {}, update_id=99)
    found = [await outbox.find(s, key) for key in ("tracks:17", "99:ack")]
    assert [item and item.update_id for item in found] == [None, 99]


async def test_the_oldest_message_comes_first_and_a_chat_under_way_waits(s: AsyncSession) -> None:
    await _add(s, A, "a1", "a2")
    await _add(s, B, "b1")
    assert await outbox.pending_chats(s) == [A, B]
    assert await _next(s) == "a1"
    assert await _next(s, A) == "b1"
    item = await _send(s, A)
    assert await _next(s) == "b1"
    assert await outbox.head(s, A) is None
    assert await outbox.pending_chats(s) == [A, B]
    await outbox.mark_sent(s, item.id, [11, 12])
    assert await _next(s) == "a2"
    sent = await outbox.find(s, "a1")
    assert sent is not None
    assert (sent.state, sent.message_ids, sent.arguments) == ("sent", [11, 12], {})


async def test_only_one_taker_gets_a_message(s: AsyncSession) -> None:
    await _add(s, A, "a1")
    item = await _send(s, A)
    assert not await outbox.mark_sending(s, item.id)


async def test_a_message_that_was_not_sent_is_first_again(s: AsyncSession) -> None:
    await _add(s, A, "a1", "a2")
    await _add(s, B, "b1")
    item = await _send(s, A)
    await outbox.mark_pending(s, item.id)
    assert A in await outbox.pending_chats(s)
    assert await _next(s, A) == "b1"
    assert await _next(s) == "a1"
    assert (await _send(s, A)).arguments == {"text": "a1"}


@pytest.mark.parametrize("end", ["failed", "unknown"])
async def test_the_line_goes_on_after_a_failure_and_after_an_unknown_end(s: AsyncSession, end: str) -> None:
    await _add(s, A, "a1", "a2")
    item = await _send(s, A)
    if end == "failed":
        await outbox.mark_failed(s, item.id, "bad_request")
    else:
        await outbox.mark_unknown(s, item.id)
    ended = await outbox.find(s, "a1")
    assert ended is not None
    assert (ended.state, ended.arguments) == (end, {})
    assert ended.reason == ("bad_request" if end == "failed" else None)
    assert await _next(s) == "a2"


async def test_a_final_state_stays(s: AsyncSession) -> None:
    await _add(s, A, "a1")
    item = await _send(s, A)
    await outbox.mark_sent(s, item.id, [1])
    await outbox.mark_pending(s, item.id)
    await outbox.mark_unknown(s, item.id)
    await outbox.mark_failed(s, item.id, "late")
    assert not await outbox.mark_sending(s, item.id)
    assert await _state(s, "a1") == "sent"


async def test_after_a_restart_what_was_under_way_is_unknown(s: AsyncSession) -> None:
    await _add(s, A, "a1", "a2")
    await _send(s, A)
    assert await outbox.recover(s) == 1
    assert await outbox.recover(s) == 0
    assert await _state(s, "a1") == "unknown"
    assert await _next(s) == "a2"


@pytest.mark.parametrize("end", ["unknown", "died"])
async def test_what_nobody_knows_the_end_of_is_kept_for_its_person_until_it_is_asked_for(
    s: AsyncSession, end: str
) -> None:
    for key, person in (("a1", 9), ("a2", None)):
        assert await outbox.add(s, key, A, "sendMessage", {"text": key}, person_id=person)
    for _ in range(2):
        item = await _send(s, A)
        await (outbox.mark_unknown(s, item.id) if end == "unknown" else outbox.recover(s))
    assert await outbox.kept(s, A)
    assert not await outbox.kept(s, B)
    assert await outbox.send_again(s, 8, timedelta(days=1)) == 0
    assert await outbox.send_again(s, 9, timedelta(0)) == 0
    assert await outbox.send_again(s, 9, timedelta(days=1)) == 1
    assert not await outbox.kept(s, A)
    assert (await _send(s, A)).arguments == {"text": "a1"}
    assert await _next(s) is None


async def test_what_need_not_be_sent_again_is_forgotten(s: AsyncSession) -> None:
    for key in ("a1", "a2", "a3"):
        assert await outbox.add(s, key, A, "sendMessage", {"text": key}, person_id=9)
    for _ in range(2):
        await outbox.mark_unknown(s, (await _send(s, A)).id)
    await outbox.forget_content(s, "a1")
    await outbox.forget_content(s, "a3")  # which is still to be sent
    assert await outbox.forget_contents(s, timedelta(hours=1)) == 0
    assert await outbox.forget_contents(s, timedelta(0)) == 1
    assert not await outbox.kept(s, A)
    assert (await _send(s, A)).arguments == {"text": "a3"}


async def test_a_kind_of_message_is_found_while_it_waits(s: AsyncSession) -> None:
    await _add(s, A, "line:1")
    assert not await outbox.waits(s, B, "line:")
    assert not await outbox.waits(s, A, "l_ne:")
    assert await outbox.waits(s, A, "line:")
    item = await _send(s, A)
    assert [each.key for each in await outbox.under_way(s)] == ["line:1"]
    assert await outbox.waits(s, A, "line:")
    await outbox.mark_sent(s, item.id, [1])
    assert not await outbox.waits(s, A, "line:")


async def test_a_blocked_chat_is_cleared(s: AsyncSession) -> None:
    await _add(s, A, "a1", "a2", "a3")
    await _add(s, B, "b1")
    item = await _send(s, A)
    assert await outbox.cancel_chat(s, A) == 2
    await outbox.mark_failed(s, item.id, "blocked")
    assert await outbox.pending_chats(s) == [B]
    assert await _state(s, "a3") == "failed"


async def test_pruning_takes_only_what_is_finished_and_old(s: AsyncSession) -> None:
    await _add(s, A, "a1", "a2")
    item = await _send(s, A)
    assert await outbox.prune(s, timedelta(0)) == 0
    await outbox.mark_sent(s, item.id, [1])
    assert await outbox.prune(s, timedelta(hours=1)) == 0
    assert await outbox.prune(s, timedelta(0)) == 1
    assert await outbox.find(s, "a1") is None
    assert await _next(s) == "a2"
