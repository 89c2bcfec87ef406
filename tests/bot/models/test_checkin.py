"""A selfie, a voice note, and the reading of both: real processes, real models, real HTTP."""

import asyncio
import io

import pytest
from PIL import Image

from tests.bot import media
from tests.bot.conftest import Home, consent
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUTTONS = ("Match", "Regulate", "Not quite right")


async def test_nothing_is_read_before_the_consent(ana: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    for send in (
        ana.photo(media.selfie()),
        ana.voice(media.voice()),
        ana.document(b"a,b", "a.csv", "text/csv"),
    ):
        await send
        asked = await ana.expect("I need your consent")
        assert asked.buttons[0] == "I agree, let's start"
    assert [c for c in await home.room.calls(after=before) if c["method"] == "getFile"] == []


@pytest.mark.parametrize("order", ["selfie first", "voice first"])
async def test_selfie_and_voice_in_either_order_give_one_reading(friend: Person, order: str) -> None:
    if order == "selfie first":
        await friend.photo(media.selfie())
        await friend.expect("Now a voice note", buttons=("Read what I sent",))
        await friend.voice(media.voice())
    else:
        await friend.voice(media.voice())
        await friend.expect("Now a selfie", buttons=("Read what I sent",))
        await friend.photo(media.selfie())
    reading = await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)
    picture = Image.open(io.BytesIO(await friend.download(reading)))
    assert picture.width >= 600
    assert [said.kind for said in await friend.messages()].count("photo") == 1


async def test_both_sent_at_once_give_one_reading(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.voice(media.voice())
    await friend.expect(kind="photo", buttons=BUTTONS)
    assert [said.kind for said in await friend.hears(1)] == []


async def test_half_a_check_in_waits_half_an_hour_by_the_time_of_the_messages(
    friend: Person, home: Home
) -> None:
    """However late the bot reads them: it may have been away."""
    try:
        await home.room.post("/clock", {"advance_s": -7200})
        await friend.photo(media.selfie())
        await friend.expect("Now a voice note")
        await home.room.post("/clock", {"advance_s": 1860})
        await friend.voice(media.voice())
        await friend.expect("Now a selfie")
        await home.room.post("/clock", {"advance_s": 1740})
        await friend.photo(media.selfie())
        await friend.expect(kind="photo", buttons=BUTTONS)
    finally:
        await home.room.post("/clock", {"advance_s": 3600})


async def test_consent_is_asked_again_after_no(ana: Person) -> None:
    await ana.say("/start")
    await ana.press(await ana.expect("Hello"), "No, thank you")
    await ana.expect("Nothing is read or kept")
    await ana.photo(media.selfie())
    await ana.expect("I need your consent")
    await consent(ana)


async def test_one_alone_is_enough(friend: Person) -> None:
    await friend.photo(media.selfie())
    half = await friend.expect("Now a voice note", buttons=("Read what I sent",))
    await friend.press(half, "Read what I sent")
    reading = await friend.expect("It rests on your face.", kind="photo", buttons=BUTTONS)
    assert "voice" not in reading.text


async def test_pressing_twice_reads_once(friend: Person) -> None:
    await friend.voice(media.voice())
    half = await friend.expect("Now a selfie", buttons=("Read what I sent",))
    await asyncio.gather(*(friend.press(half, "Read what I sent") for _ in range(2)))
    await friend.expect("It rests on your voice.", kind="photo")
    assert [s for s in await friend.hears(1) if s.kind == "photo"] == []


async def test_a_second_selfie_replaces_the_first(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.photo(media.other_selfie())
    await friend.expect("instead of the earlier one", buttons=("Read what I sent",))
    await friend.voice(media.voice())
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)


async def test_a_picture_sent_as_a_file_is_a_selfie(friend: Person) -> None:
    await friend.document(media.selfie(), "IMG_1.JPG", "image/jpeg")
    await friend.expect("Now a voice note")


async def test_a_sound_file_is_the_voice_that_a_checkin_waits_for(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.audio(media.voice_file(), "recording.mp3")
    await friend.expect("face and your voice", kind="photo", buttons=BUTTONS)


async def test_music_sent_by_mistake_can_be_turned_into_a_voice(friend: Person) -> None:
    await friend.audio(media.voice_file(), "recording.mp3")
    added = await friend.expect("has 1 track", buttons=("It is my voice",))
    await friend.press(added, "It is my voice")
    half = await friend.expect("Now a selfie", buttons=("Read what I sent",))
    await friend.press(half, "Read what I sent")
    await friend.expect("It rests on your voice", kind="photo")
    await friend.say("/playlist")
    await friend.expect("You have no playlist yet")  # a voice is no music, and is not kept


async def test_what_cannot_be_read_is_said(friend: Person) -> None:
    await friend.photo(media.scenery())
    await friend.expect("I found no face")
    await friend.voice(b"OggS this is no sound")
    await friend.expect("not a sound")
    await friend.say("/cancel")
    await friend.expect("There is no open check-in")


async def test_cancel_drops_what_was_read(friend: Person) -> None:
    await friend.photo(media.selfie())
    half = await friend.expect("Now a voice note")
    await friend.say("/cancel")
    await friend.expect("Dropped")
    assert "too old" in await friend.press(half, "Read what I sent")
    await friend.voice(media.voice())
    await friend.expect("Now a selfie")


async def test_a_correction_is_taken(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.press(await friend.expect("Now a voice note"), "Read what I sent")
    await friend.press(await friend.expect(kind="photo"), "Not quite right")
    which = await friend.expect("What is it rather?")
    assert len(which.buttons) == 7
    await friend.press(which, "Afraid")
    await friend.expect("Thank you: afraid", buttons=("Match", "Regulate"))


@pytest.mark.parametrize("reason", ["unavailable", "gone", "expired"])
async def test_a_file_that_telegram_does_not_give_is_said(friend: Person, home: Home, reason: str) -> None:
    if reason == "unavailable":
        await home.room.fault("getFile", times=9, error_code=500, description="Internal Server Error")
    elif reason == "gone":
        await home.room.fault("getFile", error_code=400, description="Bad Request: wrong file_id")
    else:
        await home.room.fault(
            "getFile", body='{"ok":true,"result":{"file_id":"a","file_unique_id":"b","file_path":"c"}}'
        )
    await friend.photo(media.selfie())
    await friend.expect("Telegram did not give me this file")


async def test_what_cannot_be_read_leaves_no_promise_behind(friend: Person) -> None:
    """The acknowledgement becomes the answer: nobody waits for a selfie that is not being looked at."""
    await friend.photo(media.scenery())
    said = await friend.expect("I found no face")
    assert said.event == "edited"
    assert [m.text for m in await friend.messages() if "looking at it" in m.text] == []
