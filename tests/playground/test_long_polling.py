"""getUpdates as a long poll: waits, conflicts, allowed kinds, time."""

import asyncio
import time

import httpx
import pytest

from playground import Playground
from playground.protocol import limits
from tests.playground.conftest import BotApiCall, new_chat, pollers, say, wait_for_pollers


async def test_a_poll_waits_until_something_is_said(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    poll = asyncio.create_task(bot_api("getUpdates", timeout=50))
    await wait_for_pollers(client_api, 1)
    said = await say(client_api, chat_id, "hi")
    answer = await asyncio.wait_for(poll, 20)

    assert [update["update_id"] for update in answer["result"]] == [said["update_id"]]
    assert await pollers(client_api) == 0


async def test_a_poll_ends_when_its_time_is_over(bot_api: BotApiCall) -> None:
    started = time.monotonic()
    answer = await bot_api("getUpdates", timeout=1)

    assert answer["result"] == []
    assert time.monotonic() - started > 0.9


async def test_the_newer_of_two_polls_wins(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    older = asyncio.create_task(bot_api("getUpdates", timeout=50))
    await wait_for_pollers(client_api, 1)
    newer = asyncio.create_task(bot_api("getUpdates", timeout=50))
    refused = await asyncio.wait_for(older, 20)
    await say(client_api, chat_id, "hi")

    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert len((await asyncio.wait_for(newer, 20))["result"]) == 1


async def test_a_poll_whose_client_is_gone_counts_no_more(
    server: Playground, client_api: httpx.AsyncClient
) -> None:
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, read=0.3)) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{server.url}/bot{server.token}/getUpdates", params={"timeout": 30})
    await wait_for_pollers(client_api, 0)


async def test_the_same_offset_at_once_brings_one_update(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SAME_OFFSET_AT_ONCE_S", 60)  # "at once" on a busy machine too
    for text in "ab":
        await say(client_api, chat_id, text)

    assert len((await bot_api("getUpdates"))["result"]) == 2
    assert len((await bot_api("getUpdates"))["result"]) == 1


async def test_only_allowed_kinds_are_queued_and_the_choice_stays(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await bot_api("getUpdates", allowed_updates='["message_reaction", "no_such_kind"]')
    message = await say(client_api, chat_id, "not wanted")
    await client_api.post(
        f"/chats/{chat_id}/reactions", json={"message_id": message["message_id"], "emoji": "👍"}
    )
    (update,) = (await bot_api("getUpdates", offset=1))["result"]
    info = (await bot_api("getWebhookInfo"))["result"]

    assert message["update_id"] is None
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert info == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "allowed_updates": ["message_reaction"],
    }


async def test_reactions_are_not_told_unless_asked_for(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    message = await say(client_api, chat_id, "hi")
    reaction = {"message_id": message["message_id"], "emoji": "👍"}
    reacted = await client_api.post(f"/chats/{chat_id}/reactions", json=reaction)

    assert reacted.json() == {"update_id": None}
    assert len((await bot_api("getUpdates"))["result"]) == 1


async def test_a_press_is_lost_after_150_seconds_and_a_message_after_a_day(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    markup = '{"inline_keyboard": [[{"text": "x", "callback_data": "1"}]]}'
    sent = await bot_api("sendMessage", chat_id=chat_id, text="x", reply_markup=markup)
    press = {"message_id": sent["result"]["message_id"], "data": "1"}
    pressed = (await client_api.post(f"/chats/{chat_id}/press", json=press)).json()
    await say(client_api, chat_id, "hi")
    await client_api.post("/clock", json={"advance_s": 151})
    (kept,) = (await bot_api("getUpdates", offset=1))["result"]
    late = await bot_api("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])
    await client_api.post("/clock", json={"advance_s": 86400})

    assert "message" in kept
    assert late["description"].startswith("Bad Request: query is too old")
    assert (await client_api.get("/health")).json()["pending_updates"] == 0


async def test_dates_follow_the_clock_into_the_past(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await client_api.post("/clock", json={"advance_s": -7200})
    await say(client_api, chat_id, "long ago")
    await client_api.post("/clock", json={"advance_s": 7200})
    (update,) = (await bot_api("getUpdates"))["result"]

    assert update["message"]["date"] == pytest.approx(time.time() - 7200, abs=60)


async def test_an_update_is_delivered_again_on_request(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    said = await say(client_api, chat_id, "hi")
    offset = said["update_id"] + 1
    await bot_api("getUpdates", offset=offset)
    poll = asyncio.create_task(bot_api("getUpdates", offset=offset, timeout=50))
    await wait_for_pollers(client_api, 1)
    await client_api.post(f"/updates/{said['update_id']}/redeliver")

    (update,) = (await asyncio.wait_for(poll, 20))["result"]
    assert update["update_id"] == said["update_id"]
    assert (await client_api.post("/updates/1/redeliver")).status_code == 404


async def test_webhooks_are_deleted_but_not_set(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await say(client_api, chat_id, "hi")
    deleted = await bot_api("deleteWebhook", drop_pending_updates="true")
    refused = await bot_api("setWebhook", url="https://bot.example")

    assert deleted == {"ok": True, "result": True, "description": "Webhook is already deleted"}
    assert (await bot_api("getWebhookInfo"))["result"]["pending_update_count"] == 0
    assert refused["error_code"] == 501


async def test_every_chat_has_a_user_of_its_own(client_api: httpx.AsyncClient) -> None:
    assert len({await new_chat(client_api) for _ in range(5)}) == 5
