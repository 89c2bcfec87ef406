"""A running playground, a person in it, and the real python-telegram-bot talking to it."""

import asyncio
import io
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import imageio_ffmpeg
import pytest
import telegram
from PIL import Image

from playground import Playground

TOKEN = "123456:test_token"
BotApiCall = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
# Made once: reading all certificates of the machine for every client takes most of a short test.
_TLS = ssl.create_default_context()


def client_of(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=60, verify=_TLS)


@pytest.fixture
async def server() -> AsyncIterator[Playground]:
    async with Playground.start(token=TOKEN) as running:
        yield running


@pytest.fixture
async def client_api(server: Playground) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the routes under ``/api``."""
    async with client_of(f"{server.url}/api") as client:
        yield client


@pytest.fixture
async def bot_api(server: Playground) -> AsyncIterator[BotApiCall]:
    """Calls a method by plain HTTP and returns the whole answer."""
    async with client_of(server.url) as client:

        async def call(method: str, files: Any = None, **arguments: Any) -> dict[str, Any]:
            sent = {name: str(value) for name, value in arguments.items()}
            response = await client.post(f"/bot{server.token}/{method}", data=sent, files=files)
            answer: dict[str, Any] = response.json()
            assert response.status_code == answer.get("error_code", 200)
            return answer

        yield call


@pytest.fixture
async def bot(server: Playground) -> AsyncIterator[telegram.Bot]:
    """The real library, unchanged."""
    async with telegram.Bot(
        server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot"
    ) as running:
        yield running


@pytest.fixture
async def chat_id(client_api: httpx.AsyncClient) -> int:
    """A person's private chat with the bot."""
    return await new_chat(client_api)


async def new_chat(client_api: httpx.AsyncClient, **names: str) -> int:
    made = (await client_api.post("/users", json={"first_name": "Ana", **names})).json()
    assert made["user_id"] == made["chat_id"]
    return int(made["chat_id"])


async def say(client_api: httpx.AsyncClient, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
    said = await client_api.post(f"/chats/{chat_id}/messages", json={"kind": "text", "text": text, **more})
    assert said.status_code == 200, said.text
    return dict(said.json())


async def send_file(
    client_api: httpx.AsyncClient, chat_id: int, kind: str, name: str, data: bytes, mime: str, **fields: str
) -> httpx.Response:
    """Sends a file as the person."""
    return await client_api.post(
        f"/chats/{chat_id}/messages", data={"kind": kind, **fields}, files={"file": (name, data, mime)}
    )


async def events(client_api: httpx.AsyncClient, chat_id: int, after: int = 0) -> list[dict[str, Any]]:
    found = await client_api.get(f"/chats/{chat_id}/messages", params={"after": after})
    return list(found.json()["events"])


async def problems(client_api: httpx.AsyncClient) -> list[str]:
    """All problems of all calls so far."""
    found = (await client_api.get("/requests")).json()["requests"]
    return [problem for call in found for problem in call["problems"]]


async def pollers(client_api: httpx.AsyncClient) -> int:
    return int((await client_api.get("/health")).json()["pollers"])


async def wait_for_pollers(client_api: httpx.AsyncClient, number: int) -> None:
    """Until so many long polls wait at the same time."""
    for _ in range(2000):
        if await pollers(client_api) == number:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never {number} pollers")


def picture(width: int, height: int, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def sound(container: str, codec: str, seconds: float = 1.2, *more: str) -> bytes:
    """A tone, encoded by the ffmpeg that the playground uses."""
    made = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error",
            "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}",
            *more, "-c:a", codec, "-f", container, "pipe:1",
        ],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return made.stdout
