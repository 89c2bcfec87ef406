"""Whatever arrives gets a sentence that helps, and nothing is lost by it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image
from sqlalchemy import update

from benchmarks.drawings import STYLES, jpeg
from bot.jobs.retention import Retention, tidy
from storage import Database
from storage.models import CheckinRow, ConsentRow, InboxRow, OutboxRow, PlayRow
from tests.bot import media
from tests.bot.conftest import Home
from tests.bot.test_conversation import press_raw
from tests.bot.test_music import send_playlist
from tools import samples
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
# What HEIC files begin with; nothing in the house could decode the rest.
HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic"

# Who is seen again is not forgotten: people's own rows are left as they are.
_TIMES: dict[Any, tuple[str, ...]] = {
    CheckinRow: ("opened_at", "touched_at"),
    PlayRow: ("created_at",),
    ConsentRow: ("given_at",),
    InboxRow: ("received_at",),
    OutboxRow: ("created_at",),
}


@cache
def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@cache
def sound(kind: str) -> bytes:
    """Sounds that nobody should send."""
    voice, rate = samples.voice(3.0), samples.RATE
    silence = np.zeros(3 * rate, np.float32)
    made: dict[str, tuple[np.ndarray[tuple[int], np.dtype[np.float32]], int, str, str]] = {
        "silence": (silence, rate, "OGG", "OPUS"),
        "a blink": (voice[: rate // 5], rate, "OGG", "OPUS"),
        "vorbis": (voice, rate, "OGG", "VORBIS"),
        "twenty minutes": (np.resize(voice[::6], 20 * 60 * 8000), 8000, "FLAC", "PCM_16"),
    }
    samples_, hertz, container, subtype = made[kind]
    out = io.BytesIO()
    soundfile.write(out, samples_, hertz, format=container, subtype=subtype)
    return out.getvalue()


PICTURES: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "one pixel": (lambda: png(1, 1), "dot.png", "image/png", "too small"),
    "a hundred megapixels": (lambda: png(10_000, 10_000), "huge.png", "image/png", "too large for me"),
    "cut off": (lambda: media.selfie()[:5000], "half.jpg", "image/jpeg", "not a picture that I can open"),
    "HEIC": (lambda: HEIC, "IMG_1.HEIC", "image/heic", "the format in which iPhones keep photos"),
    "HEIC by its name": (lambda: HEIC, "IMG_2.heic", "application/octet-stream", "iPhones"),
    "no face": (media.scenery, "view.jpg", "image/jpeg", "I found no face"),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_pictures_that_cannot_be_read_are_said_and_the_voice_waits_on(
    friend: Person, name: str
) -> None:
    data, file, mime, sentence = PICTURES[name]
    await friend.voice(media.voice())
    await friend.expect("Now a selfie")
    await friend.document(data(), file, mime)
    said = await friend.expect(sentence, "Your voice note is still here", buttons=("Read what I sent",))
    await friend.press(said, "Read what I sent")
    await friend.expect("It rests on your voice.", kind="photo")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("silence", "I hear no speech"), ("a blink", "too short"), ("text", "not a sound that I can open")],
)
async def test_sounds_that_cannot_be_read_are_said_and_the_selfie_waits_on(
    friend: Person, kind: str, sentence: str
) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.voice(b"just words" if kind == "text" else sound(kind))
    await friend.expect(sentence, "Your selfie is still here", buttons=("Read what I sent",))
    await friend.voice(media.voice())
    await friend.expect("It rests on your face and your voice", kind="photo")


@pytest.mark.parametrize(("kind", "goes_on"), [("vorbis", False), ("twenty minutes", True)])
async def test_odd_sounds_are_read_all_the_same(friend: Person, kind: str, goes_on: bool) -> None:
    """And the picture of a long one has room for how it goes on."""
    await friend.voice(sound(kind))
    await friend.press(await friend.expect("I have heard your voice"), "Read what I sent")
    shown = (await friend.expect("It rests on your voice.", kind="photo")).raw["photo"][-1]
    assert (shown["height"] / shown["width"] > 1.35) == goes_on


async def test_a_text_named_like_a_sound_is_no_voice(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.document(b"dear diary", "voice.ogg", "audio/ogg")
    await friend.expect("not a sound that I can open", "Your selfie is still here")


async def test_of_several_faces_the_largest_is_read_and_that_is_said(friend: Person) -> None:
    one, other = (Image.open(io.BytesIO(samples.selfie(width))) for width in (480, 320))
    both = Image.new("RGB", (one.width + other.width, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    out = io.BytesIO()
    both.save(out, "JPEG", quality=90)
    await friend.photo(out.getvalue())
    await friend.press(await friend.expect("Now a voice note"), "Read what I sent")
    await friend.expect("I read the largest of several faces", kind="photo")


async def test_a_drawing_is_refused_or_read_as_one(friend: Person) -> None:
    await friend.photo(jpeg(STYLES["outlined"](np.random.default_rng(7))))
    await friend.expect("Got your selfie")
    said = await friend.expect()
    if "I found no face" not in said.text:  # which CenterFace says of most drawings
        await friend.press(said, "Read what I sent")
        await friend.expect("this looks like a drawing", kind="photo")


async def test_a_file_that_is_too_big_is_said(friend: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    await friend.document(bytes(20 * 2**20 + 1), "all.csv", "text/csv")
    await friend.expect("larger than 20 MB")
    assert await home.room.calls("getFile", after=before) == []


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00\xfe garbage \x80", b"one,two\nthree,four\n"])
async def test_a_file_that_is_no_playlist_is_told_what_it_lacks(friend: Person, data: bytes) -> None:
    await friend.document(data, "list.csv", "text/csv")
    await friend.expect("I found no column with titles: the first line should name the columns")
    await friend.say("/playlist")
    await friend.expect("You have no playlist yet")


async def test_a_playlist_in_utf_16_is_read(friend: Person) -> None:
    await friend.document("Title,Artist\nGrüße,Jürgen\n".encode("utf-16"), "list.csv", "text/csv")
    await friend.expect("1 track")


async def test_a_hundred_thousand_lines_are_read(friend: Person) -> None:
    rows = "\n".join(f"Title {n},Artist {n % 1000}" for n in range(100_000))
    await friend.document(f"Title,Artist\n{rows}\n".encode(), "all.csv", "text/csv")
    await friend.expect("100000 tracks")


async def test_buttons_of_last_week_go_on_and_those_of_what_is_gone_say_so(
    friend: Person, home: Home
) -> None:
    await send_playlist(friend)
    await friend.photo(media.selfie())
    reading_it = await friend.expect(buttons=("Stop",))
    await friend.press(await friend.expect("Now a voice note"), "Read what I sent")
    reading = await friend.expect(kind="photo", buttons=("Match",))
    await friend.press(reading, "Match")
    tracks = await friend.expect("Match", buttons=("More",))
    await friend.photo(media.selfie())
    half = await friend.expect("Now a voice note")

    await a_week_passes(home, friend, retention_days=365)
    assert (await press_raw(friend, reading_it.data[0]))[
        "text"
    ] == "That is done already."  # Stop is not shown now
    assert await friend.press(tracks, "👍 1") == "Noted: more like this."
    await friend.press(half, "Read what I sent")
    await friend.expect("It rests on your face.", kind="photo")
    await friend.press(reading, "Not quite right")
    await friend.expect("What is it rather?")
    await friend.press(reading, "Match")
    await friend.expect("Match", buttons=("More",))

    await a_week_passes(home, friend, retention_days=5)
    gone = ((reading, "Match"), (reading, "Not quite right"), (half, "Read what I sent"), (tracks, "👍 1"))
    assert {(await friend.press(message, button))[:22] for message, button in gone} == {
        "This button is too old"
    }


async def a_week_passes(home: Home, person: Person, retention_days: int) -> None:
    """All that happened to the person happened a week earlier, and what is too old then is gone."""
    before = datetime.now(UTC) - timedelta(days=7)
    async with Database(home.environment["DATABASE_URL"]) as db:
        async with db.write() as s:
            for row, times in _TIMES.items():
                mine = update(row).where(row.person_id == person.chat_id)
                await s.execute(mine.values(dict.fromkeys(times, before)))
        await tidy(db, Retention(retention_days), datetime.now(UTC))
