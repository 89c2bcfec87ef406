"""One playground and one real bot for all conversations; every test talks as a person of its own."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet

from tests.bot.fake_deezer import serve_deezer
from tests.bot.fake_reccobeats import FakeReccoBeats
from tests.music.fake_spotify import FakeSpotify
from tests.music.fake_youtube import FakeYouTube
from tools import processes
from tools.person import Person, PlaygroundClient
from tools.processes import PlaygroundAddress

# What a handler or the sender writes when something went wrong that nobody had thought of.
_TROUBLE = (
    "event=handler_failed",
    "event=unhandled",
    "event=send_crashed",
    "event=refused",
    "Traceback",
    "Warning",
)

# What numbers files, and what people, files and songs are called.
_MARKS = (
    "file_id",
    "file_unique_id",
    "first_name",
    "last_name",
    "username",
    "file_name",
    "title",
    "performer",
)

# One for all conversations: tests look into it and change it for themselves only.
SPOTIFY = FakeSpotify()


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """The test's own logging, back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@dataclass(frozen=True)
class Home:
    """A playground with what a bot needs to live in it: variables, a database file and a log file."""

    address: PlaygroundAddress
    room: PlaygroundClient
    environment: dict[str, str]
    database: Path
    log: Path


def home_of(address: PlaygroundAddress, room: PlaygroundClient, folder: Path, **more: str) -> Home:
    database = folder / "attune.db"
    environment = {
        "TELEGRAM_BOT_TOKEN": address.token,
        "TELEGRAM_API_URL": address.url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "LOG_LEVEL": "DEBUG",
        "DEADLINE_SECONDS": "120",  # however slow the machine, what is read is the matter
        "THREADS": "1",  # the other cores belong to other tests
        **more,
    }
    return Home(address, room, environment, database, folder / "bot.log")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """A running bot to which everything is neutral; those under models/ have one that reads."""
    async with running_bot(tmp_path_factory.mktemp("home"), "tests.bot.light") as home:
        yield home


@asynccontextmanager
async def running_bot(folder: Path, module: str) -> AsyncIterator[Home]:
    """A playground, every service that a bot may ask, and a bot; its log must have kept all secrets."""
    async with (
        serve_deezer() as deezer,
        TestServer(FakeYouTube().app()) as youtube,
        TestServer(SPOTIFY.app()) as spotify,
        TestServer(FakeReccoBeats().app()) as reccobeats,
        processes.playground() as address,
        PlaygroundClient.at(address.url) as room,
    ):
        services = {
            "DEEZER_API_URL": deezer,
            "YOUTUBE_URL": str(youtube.make_url("/yt")),
            "SPOTIFY_CLIENT_ID": "client",
            "SPOTIFY_API_URL": str(spotify.make_url("")).rstrip("/"),
            "SPOTIFY_ACCOUNTS_URL": str(spotify.make_url("")).rstrip("/"),
            "RECCOBEATS_API_URL": str(reccobeats.make_url("")),
            "TOKEN_KEYS": Fernet.generate_key().decode(),
        }
        home = home_of(address, room, folder, **services)
        async with processes.bot(home.environment, home.log, module):
            yield home
            secrets = await secrets_of(home)
        assert logged(secrets, home.log) == []


def logged(secrets: set[str], log: Path) -> list[str]:
    written = log.read_text()
    return [secret for secret in secrets if secret in written]


async def secrets_of(home: Home) -> set[str]:
    """What everybody said, and the names and numbers of all who spoke and of all files: no log may have them."""
    found = {home.address.token.split(":")[1]}
    for person in home.room.people:
        found.add(str(person.chat_id))
        for event in (await home.room.get(f"/chats/{person.chat_id}/messages"))["events"]:
            found |= set(_personal(event["message"]))
    return found


def _personal(message: dict[str, Any]) -> Iterator[str]:
    """Texts and captions of people, names and file numbers, as far as they could not be anything else."""
    if not message.get("from", {}).get("is_bot"):
        yield from (text for text in (message.get("text", ""), message.get("caption", "")) if len(text) > 10)
    for value in message.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and not part.get("is_bot"):
                yield from (mark for mark in (str(part.get(key, "")) for key in _MARKS) if len(mark) > 4)


@pytest_asyncio.fixture(loop_scope="session")
async def ana(home: Home) -> AsyncIterator[Person]:
    """Somebody new. Afterwards the bot must not have broken a rule of Telegram, nor stumbled."""
    before = [call["seq"] for call in await home.room.calls()][-1]
    logged = home.log.stat().st_size
    person = await home.room.person("Anaximandra", last_name="Querulant", username="querulanaximandra")
    yield person
    await home.room.http.delete("/faults")
    problems = [p for call in await home.room.calls(after=before) for p in call["problems"]]
    assert problems == [], await person.transcript()
    trouble = [line for line in _since(home.log, logged) if any(word in line for word in _TROUBLE)]
    assert trouble == []


def _since(log: Path, position: int) -> list[str]:
    with log.open() as lines:
        lines.seek(position)
        return lines.readlines()


@pytest_asyncio.fixture(loop_scope="session")
async def friend(ana: Person) -> Person:
    """The same after the consent."""
    await consent(ana)
    return ana


async def consent(person: Person) -> None:
    await person.say("/start")
    asked = await person.expect("Hello, I am Attune")
    await person.press(asked, asked.buttons[0])
    await person.expect("Thank you")
