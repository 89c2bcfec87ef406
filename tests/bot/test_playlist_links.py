"""Lists behind links, end to end: looked up, looked up again, and behind a login at Spotify."""

import asyncio
import sqlite3

import pytest
from aiohttp import web

from tests.bot import fake_deezer, media
from tests.bot.conftest import SPOTIFY, Home
from tests.bot.test_music import read
from tests.music import fake_spotify, fake_youtube
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def connect(person: Person) -> None:
    """Log in at Spotify as a person does: press the button, agree, paste the address back."""
    await person.say("/playlist spotify")
    asked = await person.expect("Log in at Spotify", buttons=("Log in at Spotify",))
    url = asked.raw["reply_markup"]["inline_keyboard"][0][0]["url"]
    await person.say(SPOTIFY.agree(url))
    await person.expect("Connected", buttons=("Liked songs", "Evening", "Ours"))


async def test_a_youtube_list_pasted_into_the_chat(friend: Person) -> None:
    await friend.say(fake_youtube.LINK)
    await friend.expect("Evening", "130 tracks", "active")


async def test_a_list_that_changed_says_how_much(friend: Person) -> None:
    await connect(friend)
    await friend.say(fake_spotify.LINK)
    await friend.expect("Evening", "120 tracks")
    entries = SPOTIFY.entries
    try:
        SPOTIFY.entries = [{"item": fake_spotify.track(900)}, *entries[2:]]
        await friend.say("/playlist refresh")
        await friend.expect("Evening", "1 new, 2 gone")
        await friend.say(fake_spotify.LINK)
        await friend.expect("no track came or went")
    finally:
        SPOTIFY.entries = entries


async def test_spotifys_tracks_get_moods_that_are_looked_up(friend: Person, home: Home) -> None:
    await connect(friend)
    await friend.say(fake_spotify.LINK)
    await friend.expect("Evening", "120 tracks")
    await friend.expect("looked for the moods of all 120 tracks (ReccoBeats)")
    await friend.press(await read(friend), "Match")
    await friend.expect("Band – Song", "by looked-up values")
    assert await asyncio.to_thread(_played, home, friend.chat_id) == 5
    await friend.say("/playlist disconnect")
    await friend.expect("Disconnected", "1 list")
    assert await asyncio.to_thread(_played, home, friend.chat_id) == 0


def _played(home: Home, person_id: int) -> int:
    with sqlite3.connect(f"file:{home.database}?mode=ro", uri=True) as db:
        return int(db.execute("SELECT count(*) FROM plays WHERE person_id = ?", [person_id]).fetchone()[0])


async def test_all_lists_at_once_and_one_again(friend: Person) -> None:
    for link in (fake_deezer.LINK, fake_youtube.LINK):
        await friend.say(link)
        await friend.expect("tracks")
    await friend.say("/playlist all")
    await friend.expect("all 2 of your lists")
    await friend.say("/playlist")
    listed = await friend.expect("Your playlists")
    assert [b[0] for b in listed.buttons[::2]] == ["●", "●"]
    await friend.press(listed, 2)
    await friend.expect("I use “Evening” now")


async def test_spotify_is_connected_read_and_forgotten(friend: Person, home: Home) -> None:
    await connect(friend)
    await friend.say("/playlist spotify")
    lists = await friend.expect("Connected")
    await friend.press(lists, "Liked songs")
    await friend.expect("Liked songs", "3 tracks")
    await friend.say(fake_spotify.FOREIGN_LINK)
    await friend.expect("can't read this playlist", "exportify")
    kept = await asyncio.to_thread(_logins, home)
    assert kept
    assert not any(secret in row for row in kept for secret in ("access-1", "refresh-1"))
    await friend.say("/playlist disconnect")
    await friend.expect("Disconnected", "1 list")
    await friend.say("/playlist")
    await friend.expect("You have no playlist yet")
    await friend.say(fake_spotify.LINK)
    await friend.expect("I need your login")
    await friend.say("/playlist disconnect")
    await friend.expect("not connected")


def _logins(home: Home) -> list[str]:
    with sqlite3.connect(f"file:{home.database}?mode=ro", uri=True) as db:
        return [str(row) for row in db.execute("SELECT * FROM logins")]


async def test_own_lists_are_paged_through(friend: Person) -> None:
    await connect(friend)
    lists, SPOTIFY.lists = SPOTIFY.lists, [fake_spotify.own_list(n) for n in range(60)]
    try:
        await friend.say("/playlist spotify")
        first = await friend.expect("Connected", buttons=("List 0", "List 49", "More lists ▶"))
        assert "◀ Lists before" not in first.buttons
        await friend.press(first, "More lists ▶")
        second = await friend.expect(
            "Connected", buttons=("Liked songs", "List 50", "List 59", "◀ Lists before")
        )
        assert len(second.buttons) == 12
        await friend.press(second, "◀ Lists before")
        await friend.expect("Connected", buttons=("List 0", "More lists ▶"))
    finally:
        SPOTIFY.lists = lists


async def test_an_address_works_once_and_for_its_person_alone(friend: Person, home: Home) -> None:
    await friend.say("/playlist spotify")
    asked = await friend.expect("Log in at Spotify")
    back = SPOTIFY.agree(asked.raw["reply_markup"]["inline_keyboard"][0][0]["url"])
    await friend.say(back.replace("state=", "state=x"))
    await friend.expect("another login")
    await friend.say(back)
    await friend.expect("Connected")
    await friend.say(back)
    await friend.expect("another login")
    await friend.say(f"{back.split('?')[0]}?error=access_denied&state=x")
    await friend.expect("declined")


async def test_the_address_may_come_without_its_beginning(friend: Person) -> None:
    await friend.say("/playlist spotify")
    asked = await friend.expect("Log in at Spotify")
    back = SPOTIFY.agree(asked.raw["reply_markup"]["inline_keyboard"][0][0]["url"])
    await friend.say(back.removeprefix("http://"))
    await friend.expect("Connected")
    await friend.say("127.0.0.1:8888/callback?error=access_denied&state=x")
    await friend.expect("declined")


async def test_somebody_without_a_place_in_the_app_learns_of_the_way_by_file(friend: Person) -> None:
    SPOTIFY.response = web.Response(status=403, text="User not registered in the Developer Dashboard")
    try:
        await friend.say("/playlist spotify")
        asked = await friend.expect("Log in at Spotify")
        await friend.say(SPOTIFY.agree(asked.raw["reply_markup"]["inline_keyboard"][0][0]["url"]))
        await friend.expect("only five people", "exportify")
    finally:
        SPOTIFY.response = None


async def test_a_login_that_died_asks_for_another(friend: Person) -> None:
    SPOTIFY.expires_in = 0
    try:
        await connect(friend)
        SPOTIFY.grant = (400, {"error": "invalid_grant"})
        await friend.say(fake_spotify.LINK)
        await friend.expect("ended your login", "/playlist spotify")
    finally:
        SPOTIFY.grant, SPOTIFY.expires_in = None, 3600
    await friend.say(fake_spotify.LINK)
    await friend.expect("I need your login")


async def test_nothing_to_refresh(friend: Person) -> None:
    await friend.document(b"Title,Artist\nOne,Two\n", "small.csv", "text/csv")
    await friend.expect("1 track")
    await friend.say("/playlist refresh")
    await friend.expect("None of your lists came by a link")


async def test_the_sound_of_what_was_sent_is_listened_to(friend: Person, home: Home) -> None:
    await friend.audio(media.music("Xyzzy", "Ida"), "Xyzzy.mp3")
    await friend.expect("has 1 track")
    async with asyncio.timeout(60):
        while not (found := await asyncio.to_thread(_heard, home, friend.chat_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert found == ["sound"]


def _heard(home: Home, person_id: int) -> list[str]:
    with sqlite3.connect(f"file:{home.database}?mode=ro", uri=True) as db:
        rows = db.execute(
            "SELECT moods.source FROM tracks JOIN moods ON moods.track_id = tracks.id"
            " JOIN playlists ON playlists.id = tracks.playlist_id"
            " JOIN estimates ON estimates.track_id = tracks.id"
            " WHERE provider = 'sound' AND person_id = ?",
            [person_id],
        )
        return [source for (source,) in rows]


async def test_the_music_of_the_profile_is_a_list_that_can_be_taken_again(friend: Person, home: Home) -> None:
    await friend.say("/playlist profile")
    await friend.expect("shows me no music")
    await show_on_profile(home, friend, "Blue")
    await friend.say("/playlist profile")
    await friend.expect("“Your Telegram profile”: 1 track.", "active")
    await friend.expect("“Your Telegram profile”", "listened to the track")
    await show_on_profile(home, friend, "Red")
    await friend.say("/playlist profile")
    await friend.expect("“Your Telegram profile”: 1 new, 0 gone.")
    await friend.expect("“Your Telegram profile”", "listened to all 2 tracks")


async def show_on_profile(home: Home, person: Person, title: str) -> None:
    song = (f"{title}.mp3", media.music(title, "Ida"), "audio/mpeg")
    path = f"/users/{person.chat_id}/profile_audios"
    (await home.room.http.post(path, files={"file": song})).raise_for_status()
