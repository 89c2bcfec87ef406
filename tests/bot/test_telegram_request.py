"""What an answer of Telegram's means for the request: taken, refused, or nobody knows."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery.telegram_request import TelegramRequest, Unavailable

PAGE = "<html><body>Bad Gateway</body></html>"


@asynccontextmanager
async def bot_that_hears(answer: Callable[[httpx.Request], httpx.Response]) -> AsyncIterator[Bot]:
    request = TelegramRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    bot = Bot("123456:abcdefghijklmnop", request=request)
    try:
        yield bot
    finally:
        await request.shutdown()


def refusal(status: int, description: str, **more: object) -> str:
    return json.dumps({"ok": False, "error_code": status, "description": description, **more})


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (500, refusal(500, "Internal Server Error: restart"), Unavailable),
        (500, PAGE, Unavailable),
        (502, PAGE, Unavailable),
        (502, refusal(502, "Bad Gateway"), Unavailable),
        (503, "", Unavailable),
        (504, PAGE, NetworkError),
        (413, PAGE, BadRequest),
        (400, refusal(400, "Bad Request: chat not found"), BadRequest),
        (403, refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (429, refusal(429, "Too Many Requests", parameters={"retry_after": 3}), RetryAfter),
        (200, PAGE, NetworkError),
        (200, "[]", NetworkError),
        (200, '{"ok": true}', NetworkError),
        (200, "[" * 100_000, NetworkError),
    ],
)
async def test_each_answer_has_an_error_that_says_what_became_of_the_request(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, means: type[TelegramError]
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # how the library will tell times from its next version on
    async with bot_that_hears(lambda _: httpx.Response(status, text=body)) as bot:
        with pytest.raises(TelegramError) as raised:
            await bot.do_api_request("sendMessage", api_kwargs={"chat_id": 1, "text": "x"})
    assert type(raised.value) is means
    assert PAGE not in str(raised.value)


async def test_files_are_passed_on_as_they_are() -> None:
    async with bot_that_hears(lambda _: httpx.Response(200, content=b"no JSON")) as bot:
        assert await bot.request.retrieve("https://example.org/file") == b"no JSON"
