"""What is seen while something is read: a reaction, an action, a draft, a Stop, and another try."""

from typing import Any

import pytest

from tests.bot import media
from tests.bot.conftest import Home
from tools.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def calls(person: Person, home: Home, after: int) -> list[dict[str, Any]]:
    """What the bot did in the person's chat since then."""
    done = await home.room.calls(after=after)
    return [call for call in done if call["arguments"].get("chat_id") == person.chat_id]


def shown(calls: list[dict[str, Any]]) -> set[str]:
    """What stood above the chat."""
    return {call["arguments"]["action"] for call in calls if call["method"] == "sendChatAction"}


async def test_it_is_noticed_at_once_and_said_what_is_done(friend: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    await home.room.fault("getFile", delay_s=1.2)
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    mine = await calls(friend, home, before)
    methods = [call["method"] for call in mine]
    assert methods.index("setMessageReaction") < methods.index("sendMessageDraft")
    assert shown(mine) == {"typing"}
    assert await friend.drafts() == ["Got your selfie, looking at it ..."]


async def test_a_reading_can_be_stopped_and_nothing_of_it_stays(friend: Person, home: Home) -> None:
    before = (await home.room.calls())[-1]["seq"]
    await home.room.fault("getFile", delay_s=1.2)
    await friend.voice(media.voice())
    got = await friend.expect("Got your voice note", buttons=("Stop",))
    await friend.press(got, "Stop")
    stopped = await friend.expect("Stopped. Nothing of it is kept")
    assert (stopped.id, stopped.buttons) == (got.id, [])
    assert shown(await calls(friend, home, before)) == {"record_voice"}
    assert await friend.hears(1.5) == []
    await friend.say("/cancel")
    await friend.expect("no open check-in")


async def test_what_telegram_did_not_give_can_be_tried_again(friend: Person, home: Home) -> None:
    await home.room.fault("getFile", times=2, error_code=500, description="Internal Server Error")
    await friend.photo(media.selfie())
    failed = await friend.expect("Telegram did not give me this file", buttons=("Try again",))
    await friend.press(failed, "Try again")
    half = await friend.expect("Now a voice note", buttons=("Read what I sent",))
    assert half.id == failed.id
