"""A face shows one thing, a voice tells another: both are said, and one press says which is nearer."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from types import MappingProxyType

import pytest
import pytest_asyncio

from tests.bot import media
from tests.bot.conftest import Home, consent, home_of, logged, secrets_of
from tests.bot.test_conversation import press_raw
from tests.bot.test_music import send_playlist, titles
from tools import processes
from tools.person import BotMessage, Person, PlaygroundClient

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIDES = MappingProxyType({"happy": "Happy (my face)", "sad": "Sad (my voice)"})
USUAL = ["Match", "Regulate", "Not quite right"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def torn(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """A bot to which every face is happy and every voice sad."""
    async with processes.playground() as address, PlaygroundClient.at(address.url) as room:
        reads = {"LIGHT_FACE": "happy", "LIGHT_VOICE": "sad"}
        home = home_of(address, room, tmp_path_factory.mktemp("torn"), **reads)
        async with processes.bot(home.environment, home.log, "tests.bot.light"):
            yield home
            secrets = await secrets_of(home)
        assert logged(secrets, home.log) == []


@pytest_asyncio.fixture(loop_scope="session")
async def friend(torn: Home) -> AsyncIterator[Person]:
    person = await torn.room.person("Bohuslava")
    await consent(person)
    yield person
    assert [p for call in await torn.room.calls() for p in call["problems"]] == []


async def check_in(person: Person) -> BotMessage:
    """The reading of a face and a voice that contradict each other."""
    await person.photo(media.selfie())
    await person.voice(media.voice())
    return await person.expect("It rests on your face and your voice", kind="photo")


def read_as(home: Home, person: Person) -> str:
    """The likeliest emotion of the latest reading, which is one of the two, but which is not said."""
    latest = "SELECT reading FROM checkins WHERE person_id = ? ORDER BY id DESC"
    with closing(sqlite3.connect(home.database)) as connection:
        ((stored,), *_) = connection.execute(latest, (person.chat_id,))
    shares: dict[str, float] = json.loads(stored)["probabilities"]
    top = max(shares, key=lambda label: shares[label])
    assert top in SIDES
    return top


def corrected(home: Home, person: Person) -> list[str | None]:
    of_person = "SELECT corrected FROM checkins WHERE person_id = ? ORDER BY id"
    with closing(sqlite3.connect(home.database)) as connection:
        return [label for (label,) in connection.execute(of_person, (person.chat_id,))]


async def test_both_sides_are_said_without_a_number_and_each_has_a_button(friend: Person) -> None:
    reading = await check_in(friend)
    assert reading.text.startswith(
        "Perhaps happy, perhaps sad (your face and your voice say different things)"
    )
    assert "Your face: happy, your voice: sad." in reading.text
    assert [wrong for wrong in ("%", "Mostly", "quite sure") if wrong in reading.text] == []
    assert reading.buttons == [*SIDES.values(), *USUAL]


async def test_a_press_is_a_correction_that_later_readings_learn_from(friend: Person, torn: Home) -> None:
    reading = await check_in(friend)
    nearer = next(label for label in SIDES if label != read_as(torn, friend))
    await friend.press(reading, SIDES[nearer])
    await friend.expect(
        f"Thank you: {nearer}.", "/history instead of my guess", buttons=("Match", "Regulate")
    )
    assert corrected(torn, friend) == [nearer]
    assert "earlier corrections" in (await check_in(friend)).text
    await friend.say("/forget_corrections")
    await friend.expect("1 correction forgotten")
    assert corrected(torn, friend) == [None, None]


async def test_a_press_of_what_was_read_anyway_is_said_to_confirm_it(friend: Person, torn: Home) -> None:
    reading = await check_in(friend)
    read = read_as(torn, friend)
    await friend.press(reading, SIDES[read])
    said = await friend.expect("Thank you", f"{read}", "leaned", buttons=("Match", "Regulate"))
    assert "instead of my guess" not in said.text
    assert corrected(torn, friend) == [read]


async def test_whoever_does_not_answer_goes_on_and_an_answer_starts_the_search_anew(friend: Person) -> None:
    await send_playlist(friend)
    reading = await check_in(friend)
    await friend.press(reading, "Regulate")
    await friend.expect("Regulate", buttons=("More",))
    await friend.press(reading, "Match")
    before = titles(await friend.expect("Match", buttons=("More",)))
    await friend.press(reading, SIDES["sad"])
    await friend.press(await friend.expect("Thank you"), "Match")
    after = await friend.expect("Match: near sad", buttons=("More",))
    assert (len(before), len(titles(after))) == (5, 5)


async def test_pressed_twice_it_is_said_once_and_can_still_be_changed(friend: Person, torn: Home) -> None:
    reading = await check_in(friend)
    first = friend.press(reading, SIDES["sad"])
    passing = await asyncio.gather(first, *(friend.press(reading, SIDES["sad"]) for _ in range(2)))
    assert sorted(passing) == ["", *["I go by that already."] * 2]
    await friend.press(reading, SIDES["happy"])
    thanks = [said for said in await friend.hears(1) if said.text.startswith("Thank you")]
    assert len(thanks) == 2
    assert corrected(torn, friend) == ["happy"]


async def test_the_other_emotions_are_behind_not_quite_right(friend: Person, torn: Home) -> None:
    await friend.press(await check_in(friend), "Not quite right")
    offered = await friend.expect("What is it rather?")
    assert len(offered.buttons) == 7
    await friend.press(offered, "Afraid")
    await friend.expect("Thank you: afraid")
    assert corrected(torn, friend) == ["fear"]


async def test_buttons_of_others_and_of_what_is_erased_change_nothing(friend: Person, torn: Home) -> None:
    reading = await check_in(friend)
    stranger = await torn.room.person("Eve")
    await consent(stranger)
    for data in reading.data[:2]:
        assert "too old" in (await press_raw(stranger, data))["text"]
    assert corrected(torn, friend) == [None]
    await friend.say("/delete_me")
    await friend.press(await friend.expect("cannot be undone"), 0)
    await friend.expect("about you are erased")
    await friend.press(reading, SIDES["sad"])
    await friend.expect("I need your consent")
    await consent(friend)
    assert "too old" in await friend.press(reading, SIDES["sad"])
    assert corrected(torn, friend) == []


async def test_the_history_is_drawn(friend: Person) -> None:
    reading = await check_in(friend)
    await friend.say("/history")
    await friend.expect("Guesses, and your own words", kind="photo")
    await friend.press(reading, SIDES["sad"])
    await friend.expect("Thank you")
