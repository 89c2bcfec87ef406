"""A selfie, a voice note, and the reading of both: real processes, real models, real HTTP."""

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
    reading = await friend.expect("sure", "face", "voice", kind="photo", buttons=BUTTONS)
    picture = Image.open(io.BytesIO(await friend.download(reading)))
    assert picture.width >= 600
    assert [said.kind for said in await friend.messages()].count("photo") == 1


async def test_both_sent_at_once_give_one_reading(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.voice(media.voice())
    await friend.expect(kind="photo", buttons=BUTTONS)
    assert [said.kind for said in await friend.hears(1)] == []


async def test_consent_is_asked_again_after_no(ana: Person) -> None:
    await ana.say("/start")
    await ana.press(await ana.expect("Hello"), "No, thank you")
    await ana.expect("Nothing is read or kept")
    await ana.photo(media.selfie())
    await ana.expect("I need your consent")
    await consent(ana)
