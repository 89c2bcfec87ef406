"""Faults that are ordered, and the record of what the bot called."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram

from playground import Playground
from tests.playground.conftest import BotApiCall, events, problems


async def order(
    client_api: httpx.AsyncClient, method: str, fault: dict[str, Any], **more: Any
) -> httpx.Response:
    return await client_api.post("/faults", json={"method": method, "fault": fault, **more})


async def test_the_library_understands_an_ordered_429(
    bot: telegram.Bot, client_api: httpx.AsyncClient, chat_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # how the library will tell times from its next version on
    flood = {
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await order(client_api, "sendMessage", flood)

    with pytest.raises(telegram.error.RetryAfter) as told:
        await bot.send_message(chat_id, "x")
    assert told.value.retry_after == timedelta(seconds=7)
    await bot.send_message(chat_id, "y")
    assert [event["message"]["text"] for event in await events(client_api, chat_id)] == ["y"]
    assert await problems(client_api) == []


async def test_a_429_has_its_header(server: Playground, client_api: httpx.AsyncClient) -> None:
    await order(client_api, "getMe", {"error_code": 429, "parameters": {"retry_after": 3}})

    assert (await client_api.get(f"{server.url}/bot{server.token}/getMe")).headers["Retry-After"] == "3"


async def test_faults_count_and_choose_their_chat(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    broken = {"error_code": 500, "description": "Internal Server Error: x"}
    await order(client_api, "sendMessage", broken, chat_id=chat_id, skip=1, times=2)
    answers = [await bot_api("sendMessage", chat_id=chat_id, text=str(n)) for n in range(4)]

    assert [answer["ok"] for answer in answers] == [True, False, False, True]
    await order(client_api, "sendMessage", broken, chat_id=1)
    assert (await bot_api("sendMessage", chat_id=chat_id, text="x"))["ok"]
    await client_api.delete("/faults")


async def test_connections_drop_before_or_after_the_effect(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    for when in ("before", "after"):
        await order(client_api, "sendMessage", {"drop": when})
        with pytest.raises(httpx.RemoteProtocolError):
            await bot_api("sendMessage", chat_id=chat_id, text=when)

    assert [event["message"]["text"] for event in await events(client_api, chat_id)] == ["after"]
    recorded = (await client_api.get("/requests")).json()["requests"]
    assert [bool(call["answer"]) for call in recorded] == [False, True]


async def test_a_delayed_call_has_its_effect_although_the_client_hung_up(
    server: Playground, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await order(client_api, "sendMessage", {"delay_s": 0.5})
    started = time.monotonic()
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, read=0.1)) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(
                f"{server.url}/bot{server.token}/sendMessage", params={"chat_id": chat_id, "text": "x"}
            )
    found = await client_api.get(f"/chats/{chat_id}/messages", params={"wait": 20})

    assert time.monotonic() - started >= 0.5
    assert len(found.json()["events"]) == 1


async def test_bodies_that_are_no_answer(server: Playground, client_api: httpx.AsyncClient) -> None:
    await order(client_api, "getMe", {"body": "<html>Bad Gateway</html>", "status": 502})
    answer = await client_api.get(f"{server.url}/bot{server.token}/getMe")

    assert (answer.status_code, answer.text) == (502, "<html>Bad Gateway</html>")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("fault", [None, {}, {"drop": "soon"}, {"delay_s": 1, "drop": "before"}])
async def test_orders_that_make_no_sense_are_refused(client_api: httpx.AsyncClient, fault: Any) -> None:
    assert (await order(client_api, "getMe", fault)).status_code == 400
    assert (await order(client_api, "noSuchMethod", {"delay_s": 1})).status_code == 400


async def test_every_call_is_recorded_with_its_problems(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await bot_api("sendMessage", chat_id=chat_id, text="x", newer_than_the_schema="1")
    await bot_api("sendMessage", chat_id=chat_id, text="x" * 4097)
    await bot_api("sendMessage", chat_id=chat_id, reply_markup='{"inline_keyboard": [[{"text": 5}]]}')
    await bot_api("sendDocument", {"document": ("a.txt", b"1234")}, chat_id=chat_id)
    answer = (await client_api.get("/requests")).json()
    calls = answer["requests"]

    assert answer["seq"] == calls[-1]["seq"]
    assert calls[0]["method"] == "sendMessage"
    assert calls[0]["arguments"] == {"chat_id": chat_id, "text": "x", "newer_than_the_schema": "1"}
    assert calls[0]["answer"]["result"]["text"] == "x"
    assert calls[0]["ms"] >= 0
    assert calls[0]["problems"] == []
    assert calls[1]["problems"] == ["Bad Request: message is too long"]
    assert "text: required" in calls[2]["problems"]
    assert "reply_markup.inline_keyboard[0][0].text: String expected, found int" in calls[2]["problems"]
    assert calls[3]["arguments"]["document"] == {"file_name": "a.txt", "file_size": 4}
    assert calls[3]["problems"] == []
    later = (await client_api.get("/requests", params={"after": calls[2]["seq"]})).json()["requests"]
    assert [call["seq"] for call in later] == [calls[3]["seq"]]


async def test_ordinary_refusals_are_no_problems(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    sent = await bot_api("sendMessage", chat_id=chat_id, text="x")
    await bot_api("editMessageText", chat_id=chat_id, message_id=sent["result"]["message_id"], text="x")

    assert await problems(client_api) == []


async def test_more_than_thirty_messages_a_second_are_a_problem(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await asyncio.gather(*(bot_api("sendMessage", chat_id=chat_id, text="x") for _ in range(32)))

    assert set(await problems(client_api)) == {"more than 30 messages within a second"}
