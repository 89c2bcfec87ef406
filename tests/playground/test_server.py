"""The HTTP server: for this machine only, silent about tokens, and started by a command."""

import asyncio
import logging
import re
import sys
from pathlib import Path

import httpx
import pytest

from playground import Playground
from playground.protocol import schema
from tests.playground.conftest import TOKEN, BotApiCall, client_of, new_chat, picture, send_file


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "{url}"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
    ],
)
async def test_only_pages_of_this_machine_may_ask(
    server: Playground, client_api: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.format(url=server.url) for name, value in headers.items()}

    assert (await client_api.get("/health", headers=sent)).status_code == status


async def test_the_page_is_served_and_needs_nothing_from_elsewhere(server: Playground) -> None:
    async with client_of(server.url) as client:
        page = await client.get("/")
        linked = re.findall(r'(?:href|src)="(/[^"]+)"', page.text)
        modules = [await client.get(address) for address in linked]
        scripts = [await client.get(f"/page/{name}.js") for name in ("api", "message", "text")]

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert len(linked) == 2
    assert {answer.status_code for answer in (*modules, *scripts)} == {200}
    assert not any("innerHTML" in script.text for script in scripts)


async def test_no_token_is_ever_logged(
    bot_api: BotApiCall, chat_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # httpx, the client of this test, writes the addresses that it asks for.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    await bot_api("getMe")
    await bot_api("sendMessage", chat_id=chat_id, text="secret words")

    assert TOKEN not in caplog.text
    assert "secret words" not in caplog.text


async def test_files_lie_below_the_data_folder_under_other_names(tmp_path: Path) -> None:
    async with (
        Playground.start(token=TOKEN, data=tmp_path / "kept") as server,
        client_of(f"{server.url}/api") as client_api,
    ):
        await send_file(
            client_api, await new_chat(client_api), "photo", "a.jpg", picture(80, 60), "image/jpeg"
        )
    kept = list((tmp_path / "kept").rglob("*"))

    assert len(kept) == 1
    assert kept[0].parent.name == "kept"


async def test_a_token_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ValueError, match="a token is a number"):
        async with Playground.start(token="nonsense"):
            pass


async def test_the_command_prints_page_and_token_and_ends_politely() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        page = (await process.stdout.readline()).decode()
        token = (await process.stdout.readline()).decode().removeprefix("token: ").strip()
        url = re.search(r"http://127\.0\.0\.1:\d+", page)
        assert url is not None
        async with client_of("") as client:
            me = await client.get(f"{url.group()}/bot{token}/getMe")
        process.terminate()
        code = await process.wait()

    assert me.json()["result"]["is_bot"]
    assert code == 0


def test_the_schema_knows_what_is_wrong() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A"}
    chat = {"id": 1, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "x"}

    assert schema.check_answer("sendMessage", message) == []
    assert schema.check_answer("sendMessage", {**message, "txt": "x"}) == ["result.txt: not in the schema"]
    assert schema.check_answer("getMe", True) == ["result: User expected, found bool"]
    assert schema.check_answer("deleteMessage", 1) == ["result: Boolean expected, found int"]
    assert schema.check_answer("sendMessage", {**message, "chat": {"id": 1, "type": "x"}}) == [
        "result.chat.type: not one of the allowed values"
    ]
    assert schema.check_request("sendChatAction", {"chat_id": 1, "action": "typing", "new": 1}) == []
    assert schema.check_request("sendChatAction", {"chat_id": True}) == [
        "action: required",
        "chat_id: Integer expected, found bool",
    ]
    assert schema.check_request(
        "setMessageReaction", {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji"}]}
    ) == ["reaction[0].emoji: required"]
