"""Words of self-harm stop the music; songs that kill do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crisis import asks_for_help, help_for
from tests.bot import media
from tests.bot.conftest import Home
from tests.bot.test_music import read
from tools.person import Person

ALARMING = (
    "I want to die",
    "i don't want to live anymore",
    "I DON’T WANT TO BE ALIVE",
    "sometimes I think about killing myself...",
    "kill   myself",
    "I'm suicidal",
    "everyone would be better off without me",
    "I took too many pills",
    "He's going to kill me",
    "please, call an ambulance!",
    "This song kills me. And I want to end my life.",
    "someone help me",
    "I keep cutting myself",
    "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
)
HARMLESS = (
    "this song kills me",
    "this song makes me want to die",
    "I'm dying to hear that again",
    "I died laughing",
    "I nearly killed myself laughing",
    "killing me softly",
    "Suicidal Tendencies - Institutionalized",
    "the soundtrack of Suicide Squad",
    "kill the lights, end of the day",
    "I don't want to die wondering",
    "I would kill for a better playlist",
    "somebody help me find that song",
    "can you help me?",
    "help",
    "I cut myself shaving",
    "cut myself some slack today",
    "take my breath away",
    "live and let die",
    "this playlist is to die for",
    "murder on the dancefloor",
    "",
    "🙂",
)


@pytest.mark.parametrize("text", ALARMING)
def test_words_of_self_harm_and_calls_for_help_are_heard(text: str) -> None:
    assert asks_for_help(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_songs_and_ways_of_speaking_are_no_alarm(text: str) -> None:
    assert not asks_for_help(text)


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_what_stands_around_does_not_hide_it(before: str, after: str) -> None:
    assert asks_for_help(f"{before} . I want to kill myself . {after}")


@pytest.mark.parametrize(
    ("tag", "emergency", "line"),
    [("en-GB", "999", "116 123"), ("en-us", "911", "988"), ("pt-br", "192", "188"), ("de", "112", None)],
)
def test_numbers_go_by_the_region_where_telegram_tells_it(tag: str, emergency: str, line: str | None) -> None:
    assert (help_for(tag).emergency, help_for(tag).line) == (emergency, line)


@pytest.mark.parametrize("tag", [None, "", "en", "xx-yy", "zh-hans"])
def test_where_nobody_knows_the_region_two_numbers_are_named(tag: str | None) -> None:
    assert "112" in help_for(tag).emergency
    assert "911" in help_for(tag).emergency


@pytest.mark.asyncio(loop_scope="session")
async def test_the_music_stops_and_nothing_of_it_is_kept(friend: Person, home: Home) -> None:
    await friend.press(await read(friend), "Match")
    await friend.expect("no music of yours yet")  # a wish that waits for a playlist
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.say("I want to kill myself, Vergissmeinnicht")
    said = await friend.expect("Emergency: 112", "findahelpline.com", "I am a program")
    assert said.buttons == []
    await friend.document(b"Title,Artist\nBlue,Ida\n", "mine.csv", "text/csv")
    await friend.expect("1 track")
    assert await friend.hears(1) == []  # the wish is gone
    await friend.say("/cancel")
    await friend.expect("no open check-in")
    assert not any(b"Vergissmeinnicht" in file.read_bytes() for file in home.database.parent.iterdir())


@pytest.mark.asyncio(loop_scope="session")
async def test_a_caption_is_heard_and_the_photo_is_not_read(friend: Person) -> None:
    photo = media.selfie()
    await friend.send("photo", "selfie.jpg", photo, "image/jpeg", caption="i dont want to live")
    await friend.expect("Emergency")
    assert await friend.hears(0.5) == []


@pytest.mark.asyncio(loop_scope="session")
async def test_strangers_get_numbers_too(ana: Person) -> None:
    await ana.say("somebody help me")
    await ana.expect("Emergency")
