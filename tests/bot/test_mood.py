"""A mood that is told, not read; the way of setting what follows; marks and corrections."""

import io

import pytest
from PIL import Image

from tests.bot.test_music import read, send_playlist, titles
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_told_mood_goes_on_to_tracks_without_any_medium(friend: Person) -> None:
    await send_playlist(friend)
    await friend.say("/mood")
    offered = await friend.expect("How are you?")
    assert len(offered.buttons) == 7
    await friend.press(offered, "Sad")
    told = await friend.expect("You say: sad", "Nothing was read", buttons=("Match", "Regulate"))
    await friend.press(told, "Regulate")
    await friend.expect("The way through your playlist", kind="photo")
    walk = await friend.expect("Regulate: from sad", buttons=("More",))
    assert len(titles(walk)) == 5


async def test_a_told_mood_follows_the_mode(friend: Person) -> None:
    await send_playlist(friend)
    await friend.say("/mode")
    asked = await friend.expect("What follows a reading?", buttons=("● Ask me", "Match", "Regulate"))
    await friend.press(asked, "Match")
    changed = await friend.expect("matching tracks follow", buttons=("Ask me", "● Match"))
    assert changed.id == asked.id
    await friend.say("/mood")
    await friend.press(await friend.expect("How are you?"), "Happy")
    await friend.expect("Match: near happy", buttons=("More",))


async def test_the_history_shows_what_was_told(friend: Person) -> None:
    await friend.say("/history")
    await friend.expect("no mood of yours yet")
    await friend.say("/mood")
    offered = await friend.expect("How are you?")
    for emotion in ("Sad", "Happy"):
        await friend.press(offered, emotion)
        await friend.expect("You say")
    await friend.say("/history")
    shown = await friend.expect("Guesses, and your own words", kind="photo")
    picture = Image.open(io.BytesIO(await friend.download(shown)))
    assert picture.width >= 600


async def test_corrections_have_a_say_until_they_are_forgotten(friend: Person) -> None:
    await friend.say("/forget_corrections")
    await friend.expect("You have not corrected any reading")
    await friend.press(await read(friend), "Not quite right")
    await friend.press(await friend.expect("What is it rather?"), "Afraid")
    await friend.expect("Thank you: afraid")
    assert "earlier corrections" in (await read(friend)).text
    await friend.say("/forget_corrections")
    await friend.expect("1 correction forgotten")
    assert "earlier corrections" not in (await read(friend)).text


async def test_a_pressed_thumb_is_marked_and_can_be_turned(friend: Person) -> None:
    await send_playlist(friend)
    await friend.press(await read(friend), "Match")
    tracks = await friend.expect("Match", buttons=("More",))
    await friend.press(tracks, "👍 2")
    marked = await friend.expect("Match", buttons=("👍 1", "👍 2 ✓", "👎 2", "More"))
    await friend.press(marked, "👎 2")
    turned = await friend.expect("Match", buttons=("👍 2", "👎 2 ✓"))
    await friend.press(turned, "👎 2 ✓")
    assert await friend.hears(0.5) == []


async def test_a_correction_starts_the_search_anew(friend: Person) -> None:
    """What was sent for another mood is not used up for this one."""
    await send_playlist(friend)
    reading = await read(friend)
    sent = []
    await friend.press(reading, "Match")
    for _ in range(2):
        tracks = await friend.expect("Match", buttons=("More",))
        sent += titles(tracks)
        await friend.press(tracks, "More")
    sent += titles(await friend.expect("Match", buttons=("More",)))
    assert len(set(sent)) == 12
    await friend.press(reading, "Not quite right")
    await friend.press(await friend.expect("What is it rather?"), "Afraid")
    await friend.press(await friend.expect("Thank you: afraid"), "Match")
    assert len(titles(await friend.expect("Match: near afraid", buttons=("More",)))) == 5
