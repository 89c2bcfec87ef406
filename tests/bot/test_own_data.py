"""What is kept of a person: shown, handed out, withdrawn, erased."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest

from tests.bot import media
from tests.bot.conftest import Home, consent
from tests.bot.test_music import read, send_playlist
from tools import samples
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_copy_holds_what_happened_and_no_token(friend: Person, home: Home) -> None:
    await send_playlist(friend)
    await friend.press(await read(friend), "Match")
    tracks = await friend.expect("Match", buttons=("More",))
    await friend.press(tracks, 0)
    await friend.say("/export")
    sent = await friend.expect("everything that is stored about you", kind="document")
    raw = await friend.download(sent)
    copy = json.loads(raw)
    assert sent.raw["document"]["file_name"] == "attune.json"
    assert {len(copy[table]) for table in ("people", "consents", "checkins", "answers")} == {1}
    assert (len(copy["tracks"]), len(copy["plays"])) == (12, 5)
    assert copy["people"][0]["id"] == friend.chat_id
    assert copy["checkins"][0]["face"]["probabilities"]
    assert home.address.token.split(":")[1].encode() not in raw


async def test_privacy_says_who_how_long_and_which_services(friend: Person) -> None:
    await friend.say("/privacy")
    parts = ("How long", "365 days", "Deezer", "ReccoBeats: told the codes")
    said = await friend.expect(*parts, buttons=("I withdraw my consent",))
    assert all(command in said.text for command in ("/export", "/delete_me"))
    assert not any(off in said.text for off in ("MusicBrainz", "Last.fm"))


async def test_a_withdrawn_consent_ends_the_reading_and_keeps_the_rest(friend: Person, home: Home) -> None:
    await send_playlist(friend)
    await friend.say("/privacy")
    privacy = await friend.expect("Who runs this")
    await home.room.fault("getFile", delay_s=1.5)
    await friend.photo(media.selfie())
    await friend.expect("Got your selfie")
    await friend.press(privacy, "I withdraw my consent")
    await friend.expect("Withdrawn. From now on")
    dropped = await friend.expect("I dropped this")
    assert dropped.event == "edited"
    assert checkins_of(home, friend) == 0
    await friend.voice(media.voice())
    await friend.expect("I need your consent", "recognises the emotion")
    await consent(friend)
    await friend.say("/playlist")
    await friend.expect("Your playlists")


async def test_delete_me_forgets_everything(friend: Person, home: Home) -> None:
    mine = samples.playlist().replace(b"Slow Harbour", b"Hidden Harbour")
    await friend.document(mine, samples.PLAYLIST_NAME, "text/csv")
    await friend.expect("12 tracks")
    await friend.press(await read(friend), "Match")
    await friend.expect("Match", buttons=("More",))
    await friend.say("/delete_me")
    asked = await friend.expect("cannot be undone")
    await friend.press(asked, "No, keep it")
    await friend.expect("Nothing was erased")
    assert rows_about(home, friend) > 0
    await friend.press(asked, "Yes, erase everything")
    receipt = await friend.expect("entries about you are erased")
    counted = ("1 check-in", "5 tracks sent", "1 playlist", "12 tracks in them", "1 consent")
    assert all(part in receipt.text for part in counted)
    await until_silent(home)
    assert rows_about(home, friend) == 0
    for file in home.database.parent.glob("attune.db*"):
        assert b"Hidden Harbour" not in file.read_bytes()
    await friend.photo(media.selfie())
    await friend.expect("I need your consent")
    await consent(friend)
    await friend.say("/playlist")
    await friend.expect("You have no playlist yet")


async def test_a_stranger_who_does_not_agree_is_not_recorded(ana: Person, home: Home) -> None:
    await ana.say("/start")
    await ana.press(await ana.expect("Hello"), "No, thank you")
    await ana.expect("Nothing is read or kept")
    with closing(sqlite3.connect(home.database)) as connection:
        found = connection.execute("SELECT count(*) FROM people WHERE id = ?", (ana.chat_id,)).fetchone()
    assert found == (0,)


async def test_erasing_stops_a_reading_under_way(friend: Person, home: Home) -> None:
    await friend.say("/delete_me")
    asked = await friend.expect("cannot be undone")
    await home.room.fault("getFile", delay_s=2)
    await friend.photo(media.selfie())
    await friend.say("/help")  # waits behind the selfie, and is erased with the rest
    await friend.expect("Got your selfie")
    await friend.press(asked, "Yes, erase everything")
    await friend.expect("entries about you are erased")
    assert await friend.hears(3) == []
    assert rows_about(home, friend) == 0


def checkins_of(home: Home, person: Person) -> int:
    """How many check-ins of the person have something in them."""
    query = "SELECT count(*) FROM checkins WHERE person_id = ? AND (face IS NOT NULL OR voice IS NOT NULL)"
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute(query, (person.chat_id,)).fetchone()[0])


def rows_about(home: Home, person: Person) -> int:
    """How many rows of any table hold the person's id."""
    with closing(sqlite3.connect(home.database)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        found = 0
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            where = " OR ".join(f'"{column}" = {person.chat_id}' for column in columns)
            found += connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]  # noqa: S608
        return found


async def until_silent(home: Home) -> None:
    """Until the outbox has nothing to send."""
    async with asyncio.timeout(30):
        while True:
            with closing(sqlite3.connect(home.database)) as connection:
                query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
                if connection.execute(query).fetchone() == (0,):
                    return
            await asyncio.sleep(0.05)
