"""getUpdates as a long poll: waits, conflicts, allowed kinds, time."""

import asyncio
import time

import httpx
import pytest

from playground import Playground
from playground.protocol import limits
from tests.playground.conftest import Ask, new_chat, pollers, say, wait_for_pollers


async def test_a_poll_waits_until_something_is_said(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await wait_for_pollers(people, 1)
    said = await say(people, chat_id, "hi")
    answer = await asyncio.wait_for(poll, 20)

    assert [update["update_id"] for update in answer["result"]] == [said["update_id"]]
    assert await pollers(people) == 0


async def test_a_poll_ends_when_its_time_is_over(ask: Ask) -> None:
    started = time.monotonic()
    answer = await ask("getUpdates", timeout=1)

    assert answer["result"] == []
    assert time.monotonic() - started > 0.9


async def test_the_newer_of_two_polls_wins(ask: Ask, people: httpx.AsyncClient, chat_id: int) -> None:
    older = asyncio.create_task(ask("getUpdates", timeout=50))
    await wait_for_pollers(people, 1)
    newer = asyncio.create_task(ask("getUpdates", timeout=50))
    refused = await asyncio.wait_for(older, 20)
    await say(people, chat_id, "hi")

    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert len((await asyncio.wait_for(newer, 20))["result"]) == 1


async def test_a_poll_whose_client_is_gone_counts_no_more(pg: Playground, people: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, read=0.3)) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{pg.url}/bot{pg.token}/getUpdates", params={"timeout": 30})
    await wait_for_pollers(people, 0)


async def test_the_same_offset_at_once_brings_one_update(
    ask: Ask, people: httpx.AsyncClient, chat_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SAME_OFFSET_AT_ONCE_S", 60)  # "at once" on a busy machine too
    for text in "ab":
        await say(people, chat_id, text)

    assert len((await ask("getUpdates"))["result"]) == 2
    assert len((await ask("getUpdates"))["result"]) == 1


async def test_only_allowed_kinds_are_queued_and_the_choice_stays(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    await ask("getUpdates", allowed_updates='["message_reaction", "no_such_kind"]')
    message = await say(people, chat_id, "not wanted")
    await people.post(
        f"/chats/{chat_id}/reactions", json={"message_id": message["message_id"], "emoji": "👍"}
    )
    (update,) = (await ask("getUpdates", offset=1))["result"]
    info = (await ask("getWebhookInfo"))["result"]

    assert message["update_id"] is None
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert info == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "allowed_updates": ["message_reaction"],
    }


async def test_reactions_are_not_told_unless_asked_for(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    message = await say(people, chat_id, "hi")
    reaction = {"message_id": message["message_id"], "emoji": "👍"}
    reacted = await people.post(f"/chats/{chat_id}/reactions", json=reaction)

    assert reacted.json() == {"update_id": None}
    assert len((await ask("getUpdates"))["result"]) == 1


async def test_a_press_is_lost_after_150_seconds_and_a_message_after_a_day(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    markup = '{"inline_keyboard": [[{"text": "x", "callback_data": "1"}]]}'
    sent = await ask("sendMessage", chat_id=chat_id, text="x", reply_markup=markup)
    press = {"message_id": sent["result"]["message_id"], "data": "1"}
    pressed = (await people.post(f"/chats/{chat_id}/press", json=press)).json()
    await say(people, chat_id, "hi")
    await people.post("/clock", json={"advance_s": 151})
    (kept,) = (await ask("getUpdates", offset=1))["result"]
    late = await ask("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])
    await people.post("/clock", json={"advance_s": 86400})

    assert "message" in kept
    assert late["description"].startswith("Bad Request: query is too old")
    assert (await people.get("/health")).json()["pending_updates"] == 0


async def test_dates_follow_the_clock_into_the_past(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    await people.post("/clock", json={"advance_s": -7200})
    await say(people, chat_id, "long ago")
    await people.post("/clock", json={"advance_s": 7200})
    (update,) = (await ask("getUpdates"))["result"]

    assert update["message"]["date"] == pytest.approx(time.time() - 7200, abs=60)


async def test_an_update_is_delivered_again_on_request(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    said = await say(people, chat_id, "hi")
    offset = said["update_id"] + 1
    await ask("getUpdates", offset=offset)
    poll = asyncio.create_task(ask("getUpdates", offset=offset, timeout=50))
    await wait_for_pollers(people, 1)
    await people.post(f"/updates/{said['update_id']}/redeliver")

    (update,) = (await asyncio.wait_for(poll, 20))["result"]
    assert update["update_id"] == said["update_id"]
    assert (await people.post("/updates/1/redeliver")).status_code == 404


async def test_webhooks_are_deleted_but_not_set(ask: Ask, people: httpx.AsyncClient, chat_id: int) -> None:
    await say(people, chat_id, "hi")
    deleted = await ask("deleteWebhook", drop_pending_updates="true")
    refused = await ask("setWebhook", url="https://bot.example")

    assert deleted == {"ok": True, "result": True, "description": "Webhook is already deleted"}
    assert (await ask("getWebhookInfo"))["result"]["pending_update_count"] == 0
    assert refused["error_code"] == 501


async def test_every_chat_has_its_own_people(people: httpx.AsyncClient) -> None:
    assert len({await new_chat(people) for _ in range(5)}) == 5
