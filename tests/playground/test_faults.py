"""Faults that are ordered, and the record of what the bot called."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram

from playground import Playground
from tests.playground.conftest import Ask, events, problems


async def order(people: httpx.AsyncClient, method: str, fault: dict[str, Any], **more: Any) -> httpx.Response:
    return await people.post("/faults", json={"method": method, "fault": fault, **more})


async def test_the_library_understands_an_ordered_429(
    bot: telegram.Bot, people: httpx.AsyncClient, chat_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # how the library will tell times from its next version on
    flood = {
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await order(people, "sendMessage", flood)

    with pytest.raises(telegram.error.RetryAfter) as told:
        await bot.send_message(chat_id, "x")
    assert told.value.retry_after == timedelta(seconds=7)
    await bot.send_message(chat_id, "y")
    assert [event["message"]["text"] for event in await events(people, chat_id)] == ["y"]
    assert await problems(people) == []


async def test_a_429_has_its_header(pg: Playground, people: httpx.AsyncClient) -> None:
    await order(people, "getMe", {"error_code": 429, "parameters": {"retry_after": 3}})

    assert (await people.get(f"{pg.url}/bot{pg.token}/getMe")).headers["Retry-After"] == "3"


async def test_faults_count_and_choose_their_chat(ask: Ask, people: httpx.AsyncClient, chat_id: int) -> None:
    broken = {"error_code": 500, "description": "Internal Server Error: x"}
    await order(people, "sendMessage", broken, chat_id=chat_id, skip=1, times=2)
    answers = [await ask("sendMessage", chat_id=chat_id, text=str(n)) for n in range(4)]

    assert [answer["ok"] for answer in answers] == [True, False, False, True]
    await order(people, "sendMessage", broken, chat_id=1)
    assert (await ask("sendMessage", chat_id=chat_id, text="x"))["ok"]
    await people.delete("/faults")


async def test_connections_drop_before_or_after_the_effect(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    for when in ("before", "after"):
        await order(people, "sendMessage", {"drop": when})
        with pytest.raises(httpx.RemoteProtocolError):
            await ask("sendMessage", chat_id=chat_id, text=when)

    assert [event["message"]["text"] for event in await events(people, chat_id)] == ["after"]
    recorded = (await people.get("/requests")).json()["requests"]
    assert [bool(call["answer"]) for call in recorded] == [False, True]


async def test_a_delayed_call_has_its_effect_although_the_client_hung_up(
    pg: Playground, people: httpx.AsyncClient, chat_id: int
) -> None:
    await order(people, "sendMessage", {"delay_s": 0.5})
    started = time.monotonic()
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, read=0.1)) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{pg.url}/bot{pg.token}/sendMessage", params={"chat_id": chat_id, "text": "x"})
    found = await people.get(f"/chats/{chat_id}/messages", params={"wait": 20})

    assert time.monotonic() - started >= 0.5
    assert len(found.json()["events"]) == 1


async def test_bodies_that_are_no_answer(pg: Playground, people: httpx.AsyncClient) -> None:
    await order(people, "getMe", {"body": "<html>Bad Gateway</html>", "status": 502})
    answer = await people.get(f"{pg.url}/bot{pg.token}/getMe")

    assert (answer.status_code, answer.text) == (502, "<html>Bad Gateway</html>")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("fault", [None, {}, {"drop": "soon"}, {"delay_s": 1, "drop": "before"}])
async def test_orders_that_make_no_sense_are_refused(people: httpx.AsyncClient, fault: Any) -> None:
    assert (await order(people, "getMe", fault)).status_code == 400
    assert (await order(people, "noSuchMethod", {"delay_s": 1})).status_code == 400


async def test_every_call_is_recorded_with_its_problems(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    await ask("sendMessage", chat_id=chat_id, text="x", newer_than_the_schema="1")
    await ask("sendMessage", chat_id=chat_id, text="x" * 4097)
    await ask("sendMessage", chat_id=chat_id, reply_markup='{"inline_keyboard": [[{"text": 5}]]}')
    await ask("sendDocument", {"document": ("a.txt", b"1234")}, chat_id=chat_id)
    answer = (await people.get("/requests")).json()
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
    later = (await people.get("/requests", params={"after": calls[2]["seq"]})).json()["requests"]
    assert [call["seq"] for call in later] == [calls[3]["seq"]]


async def test_ordinary_refusals_are_no_problems(ask: Ask, people: httpx.AsyncClient, chat_id: int) -> None:
    sent = await ask("sendMessage", chat_id=chat_id, text="x")
    await ask("editMessageText", chat_id=chat_id, message_id=sent["result"]["message_id"], text="x")

    assert await problems(people) == []


async def test_more_than_thirty_messages_a_second_are_a_problem(
    ask: Ask, people: httpx.AsyncClient, chat_id: int
) -> None:
    await asyncio.gather(*(ask("sendMessage", chat_id=chat_id, text="x") for _ in range(32)))

    assert set(await problems(people)) == {"more than 30 messages within a second"}
