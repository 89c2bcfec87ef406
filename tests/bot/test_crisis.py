"""Words of self-harm stop the music; songs that kill do not."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, Update, User

from bot.crisis import asks_for_help, help_for
from bot.handlers import crisis
from bot.services import Services
from bot.tasks.cancellation import CancellationRegistry
from bot.ui.pictures import reading_caption
from bot.ui.words import words_for
from bot.updates.context import in_context
from bot.updates.inbox import Inbox
from domain import Emotion, Posterior
from inference import FusionRules, ModalityReading, fuse
from storage import Database, outbox, people
from tests.bot import media
from tests.bot.conftest import Home
from tests.bot.test_music import read
from tests.growth import grows_faster
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
    "he's gonna kill me",
    "they’re trying to kill me",
    "I don't wanna live",
    "I don´t want to live",
    "I do not want to be here anymore",
    "I wanna end it",
    "I want to end it with pills",
    "I don't want to wake up to another day of this",
    "i really just want to die",
    "I am going to kill my self",
    "I hurt myself today",
    "I cut myself a lot",
    "I keep trying to cut myself. Some slack!",
    "play something sad i want to die",
    "after the song I want to die",
    "that song called Hurt, and I want to die",
    "I want to, you know ... I want to die",
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
    "song called I want to die",
    "a song called “I don't wanna live”",
    'the song "I want to kill myself"',
    "play Suicidal Thoughts by Biggie",
    "please play I Don't Wanna Live Forever",
    "“I hurt myself today” (the song)",
    "I hurt myself today, to see if I still feel",
    "I wanna end it on a high note",
    "I want to end it with her and stay friends",
    "please help me",
    "https://example.org/i-want-to-die",
    "",
    "🙂",
)


@pytest.mark.parametrize("text", ALARMING)
def test_words_of_self_harm_and_calls_for_help_are_heard(text: str) -> None:
    assert asks_for_help(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_songs_and_ways_of_speaking_are_no_alarm(text: str) -> None:
    assert not asks_for_help(text)


def test_no_phrase_stands_in_a_list_for_nothing() -> None:
    """One that is not written in the full forms would never be found."""
    lists = [
        file.read_text("utf-8").splitlines()
        for file in files("bot.crisis").iterdir()
        if file.name.endswith(".txt")
    ]
    phrases = [line for lines in lists for line in lines if line and line[0] not in "#!" and "=" not in line]
    assert len(phrases) > 50
    assert [phrase for phrase in phrases if not asks_for_help(phrase)] == []


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
    assert not kept(home.database.parent, "Vergissmeinnicht")


@pytest.mark.asyncio(loop_scope="session")
async def test_a_caption_is_heard_and_the_photo_is_not_read(friend: Person) -> None:
    photo = media.selfie()
    await friend.send("photo", "selfie.jpg", photo, "image/jpeg", caption="i dont want to live")
    await friend.expect("Emergency")
    assert await friend.hears(0.5) == []


@pytest.mark.asyncio(loop_scope="session")
async def test_strangers_get_numbers_too_and_a_command_before_the_words_hides_nothing(ana: Person) -> None:
    for text in ("somebody help me", "/start I want to die", "/mood I want to die"):
        await ana.say(text)
        await ana.expect("Emergency")


async def test_who_is_not_invited_gets_numbers_and_nothing_is_kept(tmp_path: Path) -> None:
    settings, sender = SimpleNamespace(allowed_users=frozenset({1})), SimpleNamespace(wake=lambda: None)
    user, chat = User(2, "Bo", False, language_code="en-GB"), Chat(2, "private")
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        services = cast(
            Services,
            SimpleNamespace(db=db, settings=settings, sender=sender, cancellations=CancellationRegistry()),
        )
        update = Update(
            1, Message(1, datetime.now(UTC), chat, from_user=user, text="I want to die, Klabautermann")
        )
        await Inbox(db).put(update)
        assert not kept(tmp_path, "Klabautermann")  # not even until it is answered
        await in_context(services, crisis.respond)(update, cast(Any, SimpleNamespace(args=[])))
        async with db.read() as s:
            said = await outbox.head(s, chat.id)
            assert await people.get(s, user.id) is None
        assert said is not None
        assert "Emergency: 999" in said.arguments["text"]
        assert not kept(tmp_path, "Klabautermann")


def test_the_surest_sad_face_and_voice_lead_to_no_numbers() -> None:
    """What somebody shows is no call for help, and nobody is called in danger for it."""
    sad = ModalityReading(Posterior.certain(Emotion.SAD), {"weight": 1.0})
    said = reading_caption(fuse(sad, sad, FusionRules()), words_for("en-GB"))
    assert "Mostly sad" in said
    assert not any(part in said for part in ("Emergency", "999", "findahelpline", "danger"))


def kept(folder: Path, word: str) -> bool:
    """Whether any file has it."""
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize(
    "piece", ["i want to ", "i want to die laughing ", "kill ", "' ", '"', ". ", "a", "https://", " ", "!?"]
)
def test_the_search_takes_time_that_grows_with_the_length_alone(piece: str) -> None:
    assert not grows_faster(lambda length: asks_for_help((piece * length)[:length]))
