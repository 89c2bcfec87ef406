"""Videos, live photos, albums, forwarded media: every way in which a face and a voice arrive."""

import asyncio

import pytest

from tests.bot import media
from tests.bot.conftest import Home, consent
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUTTONS = ("Match", "Regulate", "Not quite right")


@pytest.mark.parametrize("kind", ["video_note", "video", "document"])
async def test_a_video_is_looks_and_a_voice(friend: Person, kind: str) -> None:
    await friend.send(kind, "me.mp4", media.video(), "video/mp4")
    await friend.expect("Got your video")
    await friend.expect("I have seen and heard you")
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)


async def test_the_voice_of_a_video_without_a_face_is_not_lost(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.send("video", "dark.mp4", media.video(dark=True), "video/mp4")
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)


async def test_what_a_video_lacks_is_said(friend: Person) -> None:
    await friend.send("video_note", "dark.mp4", media.video(dark=True), "video/mp4")
    await friend.expect("I found no face", "Now a selfie", buttons=("Read what I sent",))


async def test_a_live_photo_is_looks_and_what_is_said_meanwhile(friend: Person) -> None:
    await friend.send("live_photo", "me.mp4", media.video(), "video/mp4")
    await friend.expect("Got your live photo")
    await friend.expect("I have seen and heard you")
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)
    assert await _looks(friend) == [7]


async def test_a_live_photo_that_does_not_move_is_a_selfie(friend: Person) -> None:
    """Nor does anybody who sends one have to hear that they said nothing."""
    await friend.send("live_photo", "selfie.jpg", media.selfie(), "image/jpeg")
    half = await friend.expect("Now a voice note", buttons=("Read what I sent",))
    assert half.text.startswith("I have read your selfie")
    assert await _looks(friend) == [1]


async def test_the_sound_of_a_live_photo_takes_no_voice_notes_place(friend: Person) -> None:
    await friend.voice(media.voice())
    await friend.expect("Now a selfie")
    await friend.send("live_photo", "dark.mp4", media.video(dark=True), "video/mp4")
    await friend.expect("I found no face", "Your voice note is still here")
    await friend.send("live_photo", "me.mp4", media.video(), "video/mp4")
    await friend.expect("I have read your selfie.")
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)


async def _looks(person: Person) -> list[float]:
    """At how many pictures of a face each check-in looked."""
    await person.say("/export")
    copy = (await person.room.http.get((await person.expect(kind="document")).files[0])).json()
    return [checkin["face"]["quality"]["looks"] for checkin in copy["checkins"]]


async def test_an_album_is_one_reading(friend: Person) -> None:
    """And one answer: several looks at one face, whichever of them is any good."""
    for data in (media.scenery(), media.selfie(), media.scenery(), media.other_selfie()):
        await friend.send("photo", "selfie.jpg", data, "image/jpeg", media_group_id="7")
    half = await friend.expect("Now a voice note", buttons=("Read what I sent",))
    assert await _looks(friend) == [2]
    assert len(await friend.messages()) == 4  # the two of the consent, this one, the file with the looks
    await friend.press(half, "Read what I sent")
    await friend.expect("It rests on your face.", kind="photo", buttons=BUTTONS)


async def test_an_album_without_a_face_is_refused_once(friend: Person) -> None:
    for _ in range(3):
        await friend.send("photo", "view.jpg", media.scenery(), "image/jpeg", media_group_id="7")
    await friend.say("/help")
    await friend.expect("I found no face")
    await friend.expect("Check in:")
    assert len(await friend.messages()) == 4


async def test_a_forwarded_album_is_asked_about_once(friend: Person, home: Home) -> None:
    await friend.photo(media.scenery())
    sent = (await friend.expect("Got your selfie")).raw["reply_to_message"]["message_id"]
    forwarded = {"kind": "photo", "forward_from_message_id": sent, "media_group_id": "7"}
    for _ in range(3):
        await home.room.post(f"/chats/{friend.chat_id}/messages", forwarded)
    await friend.say("/help")
    await friend.expect("This was forwarded", buttons=("It is me, read it",))
    await friend.expect("Check in:")
    assert len(await friend.messages()) == 5


async def test_what_comes_of_an_album_after_its_reading_opens_no_other(friend: Person) -> None:
    await friend.voice(media.voice())
    await friend.expect("Now a selfie")
    for data in (media.selfie(), media.other_selfie()):
        await friend.send("photo", "selfie.jpg", data, "image/jpeg", media_group_id="8")
    await friend.expect(kind="photo", buttons=BUTTONS)
    assert await friend.hears(0.5) == []
    await friend.say("/cancel")
    await friend.expect("no open check-in")


async def test_forwarded_media_are_read_only_when_they_are_ones_own(friend: Person, home: Home) -> None:
    sent = await friend.voice(media.voice())
    await friend.expect("Now a selfie")
    await friend.say("/cancel")
    await friend.expect("Dropped")
    before = (await home.room.calls())[-1]["seq"]
    await friend.forward(sent)
    asked = await friend.expect("forwarded", buttons=("It is me, read it", "It is somebody else"))
    await friend.press(asked, "It is somebody else")
    await friend.expect("I leave it unread")
    assert await home.room.calls("getFile", after=before) == []
    await friend.forward(sent)
    asked = await friend.expect("forwarded")
    await friend.press(asked, "It is me, read it")
    half = await friend.expect("Now a selfie", buttons=("Read what I sent",))
    assert half.id == asked.id


async def test_forwarded_words_and_sounds_are_not_taken_for_ones_own(friend: Person) -> None:
    music = await friend.audio(media.voice_file(), "recording.mp3")
    await friend.expect("has 1 track", buttons=("It is my voice",))
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    words = await friend.say("I feel so sad and lonely today, nobody called me")
    await friend.expect("I have read what you wrote")
    await friend.forward(words)
    await friend.expect("I did not understand that")
    await friend.forward(music)
    await friend.expect(buttons=("It is my voice",))


async def test_a_typed_sentence_joins_the_open_check_in(friend: Person) -> None:
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await friend.say("ich bin heute sehr traurig und fühle mich ganz allein")
    await friend.expect("does not seem to be English", "Your selfie is still here")
    await friend.say("I feel so sad and lonely today, nobody called me")
    half = await friend.expect("I have read what you wrote", "Your selfie is still here")
    await friend.say("What a wonderful day, I am really happy and grateful!")
    half = await friend.expect("this sentence instead of the earlier one", buttons=("Read what I sent",))
    await friend.press(half, "Read what I sent")
    await friend.expect("It rests on your face and your words", kind="photo", buttons=BUTTONS)
    await friend.say("What a wonderful day, I am really happy and grateful!")
    await friend.expect("I did not understand that")


async def test_three_ways_of_saying_it_are_one_reading(friend: Person) -> None:
    await friend.voice(media.voice())
    await friend.expect("Now a selfie")
    await friend.say("I am really angry about what they did to me")
    await friend.expect("I have read what you wrote", "Your voice note is still here")
    await friend.photo(media.selfie())
    await friend.expect("face and your voice and your words", kind="photo", buttons=BUTTONS)


async def test_ten_photos_in_a_second_leave_one_check_in(friend: Person) -> None:
    await asyncio.gather(*(friend.photo(media.selfie()) for _ in range(10)))
    for _ in range(9):
        await friend.expect("instead of the earlier one", buttons=("Read what I sent",))
    assert await friend.hears(0.5) == []
    await friend.voice(media.voice())
    await friend.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)


async def test_two_check_ins_at_once_do_not_mix(friend: Person, home: Home) -> None:
    other = await home.room.person("Bo")
    await consent(other)
    await asyncio.gather(friend.photo(media.selfie()), other.voice(media.voice()))
    await asyncio.gather(friend.expect("Now a voice note"), other.expect("Now a selfie"))
    await asyncio.gather(friend.voice(media.voice()), other.photo(media.selfie()))
    for person in (friend, other):
        await person.expect("It rests on your face and your voice", kind="photo", buttons=BUTTONS)
