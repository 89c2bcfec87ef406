"""What else a person may say or press, and what the bot says of itself."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot.ui.words import words_for
from tests.bot import media
from tests.bot.conftest import Home, consent
from tests.bot.test_music import read
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
ENGLISH = words_for("en")


async def test_start_explains_before_it_asks(ana: Person) -> None:
    await ana.say("/start")
    asked = await ana.expect(
        "recognises the emotion", "What is kept", "never stored", "365 days", "is run by"
    )
    await ana.press(asked, 0)
    emptied = await ana.expect("Hello", within_s=10)
    assert (emptied.event, emptied.buttons) == ("edited", [])
    await ana.expect("Thank you. Now send me")
    await ana.say("/start")
    await ana.expect("Welcome back")


async def test_commands_and_descriptions_are_set_at_start(ana: Person, home: Home) -> None:
    calls = {call["method"]: call["arguments"] for call in await home.room.calls()}
    named = {command["command"]: command["description"] for command in calls["setMyCommands"]["commands"]}
    assert named == {command.name: command.what for command in ENGLISH.commands}
    assert calls["setMyDescription"]["description"] == ENGLISH.description
    assert calls["setMyShortDescription"]["short_description"] == ENGLISH.short_description


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/help", "Check in:"),
        ("/privacy", "What I never keep"),
        ("/export", "everything that is stored about you"),
        ("/mood", "I need your consent"),
        ("/cancel", "no open check-in"),
        ("/mode", "I need your consent"),
        ("/playlist", "I need your consent"),
        ("/delete_me", "Erase everything"),
        ("/nonsense", "I did not understand"),
        ("hello", "I did not understand"),
    ],
)
async def test_commands_answer_strangers_too(ana: Person, command: str, answer: str) -> None:
    await ana.say(command)
    await ana.expect(answer)


@pytest.mark.parametrize("kind", ["sticker", "animation", "contact", "location"])
async def test_what_nobody_asked_for_gets_a_sentence(friend: Person, kind: str) -> None:
    if kind in ("contact", "location"):
        await friend.room.post(
            f"/chats/{friend.chat_id}/messages", {"kind": kind, "latitude": 1, "longitude": 2}
        )
    else:
        await friend.send(kind, "thing.webp", media.scenery(), "image/jpeg")
    await friend.expect("Send me a selfie, a voice note, a playlist file, or /")


async def test_in_a_group_it_says_one_sentence(ana: Person, home: Home) -> None:
    group_id = -1000 - ana.chat_id
    group = {"id": group_id, "type": "group", "title": "Friends"}
    await home.room.post("/updates", {"message": message(ana, group, "/start")})
    await Person(home.room, group_id).expect("I only work in a private chat")
    await ana.say("/help")
    await ana.expect("Check in:")


async def test_buttons_that_are_stale_foreign_or_garbled_are_told_apart_from_ours(
    friend: Person, home: Home
) -> None:
    reading = await read(friend)
    stranger = await home.room.person("Eve")
    await consent(stranger)
    for data in (
        reading.data[0],
        reading.data[2],
        reading.data[0].replace("match", "is") + "|fear",
        "v1|read|1",
        "v1|thumb|1|up",
        "v0|match|1",
        "v1",
        "",
        "v1|is|1|x",
        "v1|match|٣",
    ):
        answer = await press_raw(stranger, data)
        assert answer["answered"], data
        assert "too old" in answer["text"], data
    with closing(sqlite3.connect(home.database)) as connection:
        of_friend = "SELECT corrected, wish FROM checkins WHERE person_id = ?"
        assert connection.execute(of_friend, (friend.chat_id,)).fetchall() == [(None, None)]
    await stranger.say("/help")
    await stranger.expect("Check in:")
    assert [said for said in await stranger.hears(0.5) if said.kind == "photo"] == []


async def test_someone_who_blocks_the_bot_is_left_alone(friend: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    await home.room.fault("getFile", delay_s=1.5)
    await friend.photo(media.selfie())
    await friend.expect("Got your selfie")
    await home.room.post(f"/chats/{friend.chat_id}/block", {"blocked": True})
    await asyncio.sleep(3)
    tried = [c for c in await home.room.calls(after=before) if c["answer"] and not c["answer"]["ok"]]
    assert len(tried) <= 1
    await home.room.post(f"/chats/{friend.chat_id}/block", {"blocked": False})
    await friend.say("/help")
    await friend.expect("Check in:")


async def test_a_flood_limit_is_obeyed(friend: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    await home.room.fault(
        "sendMessage",
        chat=friend.chat_id,
        error_code=429,
        description="Too Many Requests: retry after 2",
        parameters={"retry_after": 2},
    )
    await friend.say("/help")
    await friend.say("/privacy")
    assert await friend.hears(1.5) == []
    await friend.expect("Check in:")
    await friend.expect("What I read")
    mine = [
        c
        for c in await home.room.calls("sendMessage", after=before)
        if c["arguments"]["chat_id"] == friend.chat_id
    ]
    assert len(mine) == 3


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ({"drop": "before"}, 0),
        ({"drop": "after"}, 1),
        ({"body": "<html>Bad Gateway</html>", "status": 502}, 1),  # sent again, since it never arrived
    ],
)
async def test_what_nobody_can_be_sure_of_is_never_said_twice(
    friend: Person, home: Home, fault: dict[str, Any], heard: int
) -> None:
    await home.room.fault("sendMessage", chat=friend.chat_id, **fault)
    await friend.say("/help")
    await friend.say("/privacy")
    await friend.expect("What I read")  # in order, so that nothing of the first can come any more
    said = [said.text for said in await friend.messages()]
    assert len(said) == len(set(said))
    assert sum("Check in:" in text for text in said) == heard


async def test_a_page_in_place_of_updates_loses_none(friend: Person, home: Home) -> None:
    await home.room.fault("getUpdates", body="<html>Bad Gateway</html>", status=502)
    for _ in range(2):
        await friend.say("/help")
        await friend.expect("Check in:")
    said = [said.text for said in await friend.messages()]
    assert sum("Check in:" in text for text in said) == 2


async def test_a_reading_goes_on_when_nobody_knows_of_its_acknowledgement(friend: Person, home: Home) -> None:
    await home.room.fault("sendMessage", chat=friend.chat_id, drop="before")
    await friend.photo(media.selfie())
    half = await friend.expect("Now a voice note", buttons=("Read what I sent",))
    await friend.press(half, "Read what I sent")
    await friend.expect("It rests on your face", kind="photo")


async def test_the_log_quotes_nobody(home: Home) -> None:
    friend = await home.room.person("Ana")
    await consent(friend)
    await home.room.fault(
        "sendMessage", chat=friend.chat_id, error_code=400, description="Bad Request: UnheardOfTitle"
    )
    await friend.say("/help")
    await friend.say("a very private sentence")
    await friend.document(b"Title,Artist\nUnheardOfTitle,UnheardOfBand\n", "UnheardOfList.csv", "text/csv")
    await friend.expect("1 track")
    await friend.press(await read(friend), "Match")
    await friend.expect("UnheardOfTitle")
    await home.room.fault("sendMessage", chat=friend.chat_id, body="<html>UnheardOfTitle</html>", status=502)
    await friend.say("/help")
    await friend.say("/privacy")
    await friend.expect("What I read")
    log = home.log.read_text()
    files = [
        event["message"] for event in (await home.room.get(f"/chats/{friend.chat_id}/messages"))["events"]
    ]
    file_ids = [file for message in files for file in message["files"]]
    assert "event=refused" in log
    secrets = [
        "UnheardOf",
        "private sentence",
        home.address.token.split(":")[1],
        "Ana",
        str(friend.chat_id),
        *file_ids,
    ]
    assert [secret for secret in secrets if secret in log] == []


def message(person: Person, chat: dict[str, Any], text: str) -> dict[str, Any]:
    """A message as Telegram describes it."""
    who = {"id": person.chat_id, "is_bot": False, "first_name": "Ana"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {
        "message_id": 1,
        "from": who,
        "chat": chat,
        "date": 1_800_000_000,
        "text": text,
        "entities": entities,
    }


async def press_raw(person: Person, data: str) -> dict[str, Any]:
    """Press a button that no honest client would show; returns the bot's answer."""
    chat = {"id": person.chat_id, "type": "private", "first_name": "Eve"}
    query = {
        "id": f"raw{abs(hash((person.chat_id, data)))}",
        "from": {"id": person.chat_id, "is_bot": False, "first_name": "Eve"},
        "chat_instance": "1",
        "message": message(person, chat, "/x") | {"from": {"id": 1, "is_bot": True, "first_name": "Attune"}},
        "data": data,
    }
    await person.room.post("/updates", {"callback_query": query})
    return await person.room.get(f"/callbacks/{query['id']}", wait=20)
