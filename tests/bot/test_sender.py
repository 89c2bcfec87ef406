"""The sender against a Telegram that misbehaves: in order, at most once where nobody knows, never stuck."""

import asyncio
import io
import json
import re
import sqlite3
import time
import zipfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from aiolimiter import AsyncLimiter
from sqlalchemy import select, text
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import logs
from bot.delivery import export, messages, sender
from bot.delivery.sender import Sender
from bot.delivery.telegram_request import Unavailable
from bot.ui import keyboards
from bot.ui.cards import ReadingCard
from bot.ui.words import words_for
from inference.pool import Pool, PoolBusy
from storage import Database, inbox, outbox, people, sqlite
from storage.models import OutboxRow

ANA, BO = 1, 2


class Telegram:
    """Keeps what it was sent and shown; `faults` are raised one after the other, before the effect or after it."""

    def __init__(self) -> None:
        self.heard: defaultdict[int, list[str]] = defaultdict(list)
        self.times: list[float] = []
        self.actions: list[tuple[int, str]] = []
        self.faults: list[TelegramError] = []
        self.after_effect = False
        self.on_the_way: Callable[[], None] = lambda: None
        self.tried = 0
        self.last: dict[str, Any] = {}
        self._numbers = 0

    async def send_chat_action(self, chat_id: int, action: str) -> None:
        self.actions.append((chat_id, action))

    async def do_api_request(self, endpoint: str, api_kwargs: dict[str, Any]) -> Any:
        self.tried += 1
        self.last = api_kwargs
        self.on_the_way()
        await asyncio.sleep(0)
        fault = self.faults.pop(0) if self.faults else None
        if fault and not self.after_effect:
            raise fault
        self.times.append(time.monotonic())
        self._numbers += 1
        at = f"#{api_kwargs['message_id']} " if "message_id" in api_kwargs else ""
        self.heard[api_kwargs["chat_id"]].append(f"{endpoint} {at}{api_kwargs.get('text', '')}".strip())
        if fault:
            raise fault
        many = len(api_kwargs.get("media", []))
        answers = [{"message_id": self._numbers + n} for n in range(many or 1)]
        return answers if many else answers[0]


class Drawing:
    """A pool that is busy a few times, waits for `room`, and then draws; a file is really written."""

    def __init__(self) -> None:
        self.busy = 0
        self.room = asyncio.Event()
        self.room.set()

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        await self.room.wait()
        if self.busy:
            self.busy -= 1
            raise PoolBusy(3)
        return work(*arguments) if work is export.as_file else b"a picture"


LINE = f"sendMessage {words_for('en').interrupted}"
_VALUES = (0.1,) * 7
PICTURE = messages.card(
    ReadingCard(
        "h", "s", ("a",) * 7, ("l", "r", "b", "t"), ("f", "v", "w", "t"), _VALUES, None, _VALUES, 0.1, 0.2
    ),
    "caption",
    keyboards.reading(words_for("en"), 1),
)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


UNREACHABLE = caused(NetworkError("no"), httpx.ConnectError("refused"))
BROKEN_OFF = caused(NetworkError("no"), httpx.ReadError("reset"))


class House:
    """A database, a Telegram and what is between them."""

    def __init__(self, db: Database, file: Path) -> None:
        self.db, self.file, self.telegram, self.pool = db, file, Telegram(), Drawing()
        self.sender = Sender(cast(Bot, self.telegram), db, cast(Pool, self.pool))

    async def record(
        self,
        key: str,
        chat: int,
        message: messages.Message,
        person: int | None = 1,
        update_id: int | None = None,
    ) -> None:
        async with self.db.write() as s:
            await outbox.add(s, key, chat, message.method, message.arguments, person, update_id)
        self.sender.wake()

    async def say(self, *texts: str, chat: int = ANA) -> None:
        for said in texts:
            await self.record(f"{chat}:{said}", chat, messages.text(said))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send until nothing waits."""
        async with self.sender.running():
            yield
            async with asyncio.timeout(20):
                while await self._waiting():  # noqa: ASYNC110  (the point is to look from outside)
                    await asyncio.sleep(0.01)

    async def run(self, statement: str) -> None:
        async with self.db.write() as s:
            await s.execute(text(statement))

    def answers(self) -> list[str]:
        """What Ana heard, without the line on an interruption."""
        return [heard for heard in self.telegram.heard[ANA] if heard != LINE]

    async def send_again(self) -> int:
        """As the button under that line does."""
        async with self.db.write() as s:
            count = await outbox.send_again(s, 1, timedelta(days=1))
        self.sender.wake()
        return count

    async def state(self, key: str) -> str | None:
        async with self.db.read() as s:
            found = await outbox.find(s, key)
        return found.state if found else None

    async def _waiting(self) -> bool:
        """Looked up at one moment: between two looks a message may go from one state to the other and back."""
        unfinished = select(OutboxRow.id).where(OutboxRow.state.in_(("pending", "sending"))).limit(1)
        async with self.db.read() as s:
            return await s.scalar(unfinished) is not None or bool(self.sender._chats)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(sender, "_RETRY_S", 0.05)
    monkeypatch.setattr(sender, "_REPEAT_S", (0.01, 0.02, 0.04))
    file = tmp_path / "attune.db"
    async with Database(f"sqlite+aiosqlite:///{file}") as db:
        yield House(db, file)


async def test_a_chat_hears_everything_in_order(house: House) -> None:
    async with house.running():
        await house.say("a", "b", "c")
        await house.say("x", "y", chat=BO)
    assert house.telegram.heard == {
        ANA: [f"sendMessage {c}" for c in "abc"],
        BO: [f"sendMessage {c}" for c in "xy"],
    }


async def test_a_flood_limit_holds_back_the_chat_and_no_other(house: House) -> None:
    house.telegram.faults = [RetryAfter(1)]
    started = time.monotonic()
    async with house.running():
        await house.say("a", "b")
        await until(lambda: house.telegram.tried > 0)
        await house.say("x", chat=BO)
    assert house.telegram.heard == {ANA: ["sendMessage a", "sendMessage b"], BO: ["sendMessage x"]}
    assert list(house.telegram.heard) == [BO, ANA]
    assert house.telegram.times[1] - started >= 1


async def test_a_wait_does_not_ask_the_clock_that_people_set(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.telegram.faults = [RetryAfter(1)]
    async with house.running():
        await house.say("a")
        await until(lambda: house.telegram.tried > 0)
        monkeypatch.setattr(outbox, "utcnow", hour_ago)
    assert house.telegram.heard[ANA] == ["sendMessage a"]


async def test_no_wait_is_longer_than_a_limit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "_LONGEST_WAIT_S", 0.05)
    house.telegram.faults = [RetryAfter(3600)]
    async with house.running():
        await house.say("a")
    assert house.telegram.heard[ANA] == ["sendMessage a"]


async def test_a_wait_does_not_hold_up_the_end(house: House) -> None:
    house.telegram.faults = [RetryAfter(3600)]
    async with asyncio.timeout(20), house.sender.running():
        await house.say("a")
        await until(lambda: house.telegram.tried > 0)
    assert await house.state("1:a") == "pending"


@pytest.mark.parametrize("fault", [TimedOut(), BROKEN_OFF, NetworkError("Bad Gateway")])
@pytest.mark.parametrize("after_effect", [False, True])
async def test_what_may_have_arrived_is_never_sent_again(
    house: House, fault: TelegramError, after_effect: bool
) -> None:
    house.telegram.faults, house.telegram.after_effect = [fault], after_effect
    async with house.running():
        await house.say("a", "b")
    assert house.answers() == (["sendMessage a"] if after_effect else []) + ["sendMessage b"]
    assert await house.state("1:a") == "unknown"


@pytest.mark.parametrize(
    "fault",
    [
        UNREACHABLE,
        caused(TimedOut(), httpx.ConnectTimeout("slow")),
        caused(TimedOut("Pool timeout"), httpx.PoolTimeout("full")),
    ],
)
async def test_what_never_left_is_sent_again(house: House, fault: TelegramError) -> None:
    house.telegram.faults = [fault, fault]
    async with house.running():
        await house.say("a", "b")
    assert house.telegram.heard[ANA] == ["sendMessage a", "sendMessage b"]


@pytest.mark.parametrize("message", [messages.text("a"), PICTURE])
async def test_what_telegram_did_not_take_for_a_fault_of_its_own_is_sent_again_in_its_order(
    house: House, message: messages.Message
) -> None:
    house.telegram.faults = [Unavailable("500")] * 3
    async with house.running():
        await house.record("1:a", ANA, message)
        await house.say("b")
    assert house.telegram.heard[ANA] == [
        f"{message.method} {message.arguments.get('text', '')}".strip(),
        "sendMessage b",
    ]


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (messages.text("a"), Unavailable("500")),
        (messages.new_text(7, "a"), Unavailable("500")),
        (messages.new_text(7, "a"), TimedOut()),
    ],
)
async def test_what_telegram_never_takes_is_given_up_and_lets_the_next_one_through(
    house: House, message: messages.Message, fault: TelegramError
) -> None:
    house.telegram.faults = [fault] * 4
    async with house.running():
        await house.record("1:a", ANA, message)
        await house.say("b")
    assert house.answers() == ["sendMessage b"]
    assert await house.state("1:a") == "unknown"


async def test_a_refused_message_lets_the_next_one_through(house: House) -> None:
    house.telegram.faults = [BadRequest("can't parse entities")]
    async with house.running():
        await house.say("a", "b")
    assert house.telegram.heard[ANA] == ["sendMessage b"]
    assert await house.state("1:a") == "failed"


async def test_lines_of_the_log_name_the_update_that_is_answered_and_keep_other_messages_apart(
    house: House, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    logs.set_up("INFO")
    house.telegram.faults = [BadRequest("no")] * 4
    async with house.running():
        for key, update_id in (("17:ack", 17), ("17:1", 17), ("tracks:17", None), ("tracks:99", None)):
            await house.record(key, ANA, messages.text("a"), update_id=update_id)
    answer, same, tracks, others = re.findall(r"request=(\w+) event=refused", capsys.readouterr().err)
    assert answer == same == logs.hashed(17)
    assert len({answer, tracks, others}) == 3


async def test_a_message_that_nobody_foresaw_lets_the_next_one_through(house: House) -> None:
    house.telegram.faults = [cast(TelegramError, ValueError("?"))]
    async with house.running():
        await house.say("a", "b")
    assert house.telegram.heard[ANA] == ["sendMessage b"]
    assert await house.state("1:a") == "failed"


async def test_a_person_who_blocked_the_bot_is_not_tried_again(house: House) -> None:
    house.telegram.faults = [Forbidden("bot was blocked by the user")]
    await house.say("a", "b", "c")
    async with house.running():
        await house.say("x", chat=BO)
    assert house.telegram.tried == 2
    assert [await house.state(f"1:{c}") for c in "abc"] == ["failed"] * 3
    assert house.telegram.heard == {BO: ["sendMessage x"]}


async def test_an_edit_finds_its_message_by_key_and_is_repeated(house: House) -> None:
    async with house.running():
        await house.say("a")
        await house.record("edit", ANA, messages.new_text("1:a", "A"))
    house.telegram.faults = [TimedOut(), UNREACHABLE]
    async with house.running():
        await house.record("again", ANA, messages.new_text("1:a", "AA"))
    assert house.telegram.heard[ANA] == ["sendMessage a", "editMessageText #1 A", "editMessageText #1 AA"]


async def test_an_edit_of_an_unknown_message_is_said_anew(house: House) -> None:
    house.telegram.faults = [TimedOut()]
    async with house.running():
        await house.say("a")
        await house.record("edit", ANA, messages.new_text("1:a", "A"))
    assert house.answers() == ["sendMessage A"]
    async with house.db.read() as s:
        assert not await outbox.kept(s, ANA)  # what was said anew need not be sent again


async def test_whoever_may_have_missed_messages_gets_one_line_and_the_messages_when_they_ask(
    house: House,
) -> None:
    house.telegram.faults = [TimedOut(), BROKEN_OFF]
    await house.say("a", "b", "c")
    async with house.running():
        pass
    assert house.telegram.heard[ANA] == ["sendMessage c", LINE]
    async with house.running():
        assert await house.send_again() == 2
    assert house.telegram.heard[ANA][2:] == ["sendMessage a", "sendMessage b"]
    assert await house.send_again() == 0
    assert [await house.state(f"1:{c}") for c in "ab"] == ["sent"] * 2


async def test_what_is_missing_once_more_is_offered_once_more(house: House) -> None:
    house.telegram.faults = [TimedOut()]
    await house.say("a")
    async with house.running():
        pass
    house.telegram.faults = [TimedOut()]
    async with house.running():
        assert await house.send_again() == 1
    assert house.telegram.heard[ANA] == [LINE, LINE]
    assert await house.send_again() == 1


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_line_that_may_be_missing_itself_comes_again_only_when_something_has_arrived(
    house: House, after_effect: bool
) -> None:
    house.telegram.faults, house.telegram.after_effect = [TimedOut()] * 2, after_effect
    async with house.running():
        await house.say("a")
        await until(lambda: house.telegram.tried == 2)
        await until(lambda: not house.sender._chats)
        assert house.telegram.heard[ANA] == (["sendMessage a", LINE] if after_effect else [])
        await house.say("b", "c")
    assert house.telegram.heard[ANA].count(LINE) == 1 + after_effect
    assert house.answers() == (["sendMessage a"] if after_effect else []) + ["sendMessage b", "sendMessage c"]


async def test_a_line_is_not_said_where_nothing_is_missing_any_more(house: House) -> None:
    house.telegram.faults = [TimedOut()]
    await house.say("a")
    await house.record("edit", ANA, messages.new_text("1:a", "A"))
    async with house.running():
        pass
    assert house.telegram.heard[ANA] == ["sendMessage A"]


async def test_of_what_belongs_to_nobody_nothing_is_offered(house: House) -> None:
    house.telegram.faults = [TimedOut()]
    async with house.running():
        await house.record("receipt", ANA, messages.text("erased"), person=None)
    assert house.telegram.heard[ANA] == []


async def test_an_edit_that_became_a_message_is_sent_at_most_once_too(house: House) -> None:
    house.telegram.faults, house.telegram.after_effect = [TimedOut()], True
    async with house.running():
        await house.record("edit", ANA, messages.new_text("never sent", "A"))
    assert house.telegram.heard[ANA].count("sendMessage A") == 1


async def test_a_picture_waits_for_room_in_the_pool(house: House) -> None:
    house.pool.busy = 2
    async with house.running():
        await house.record("picture", ANA, PICTURE)
        await house.say("after it")
    assert house.telegram.heard[ANA] == ["sendPhoto", "sendMessage after it"]


@pytest.mark.parametrize(
    ("message", "action", "method"),
    [
        (PICTURE, "upload_photo", "sendPhoto"),
        (messages.export(ANA, "all of it"), "upload_document", "sendDocument"),
    ],
)
async def test_who_waits_for_a_picture_or_a_file_sees_that_it_is_coming(
    house: House, message: messages.Message, action: str, method: str
) -> None:
    house.pool.room.clear()
    async with house.running():
        await house.record("file", ANA, message)
        await until(lambda: len(house.telegram.actions) > 0)
        house.pool.room.set()
    assert house.telegram.actions == [(ANA, action)]
    assert house.telegram.heard[ANA] == [method]


@pytest.mark.parametrize(("most", "name"), [(10_000, "attune.json"), (1_500, "attune.zip"), (100, None)])
async def test_a_copy_of_everything_is_packed_or_refused_in_words_where_it_is_too_large(
    house: House, monkeypatch: pytest.MonkeyPatch, most: int, name: str | None
) -> None:
    monkeypatch.setattr(export, "MOST", most)
    async with house.db.write() as s:
        await people.get_or_create(s, 1, ANA, "en")
        for number in range(20):
            await inbox.add(s, number, ANA, 1, {})
    async with house.running():
        await house.record("export", ANA, messages.export(1, "all of it"))
    sent = house.telegram.last["document"] if name else None
    if sent is None:
        assert house.telegram.heard[ANA] == [f"sendMessage {words_for('en').export_too_large}"]
        return
    assert sent.filename == name
    content = sent.input_file_content
    written = zipfile.ZipFile(io.BytesIO(content)).read("attune.json") if name == "attune.zip" else content
    assert len(json.loads(written)["inbox"]) == 20


async def test_albums_are_sent_and_remembered_with_all_their_numbers(house: House) -> None:
    async with house.running():
        for number, message in enumerate(messages.audios([(f"file{n}", f"caption {n}") for n in range(12)])):
            await house.record(f"album{number}", ANA, message)
    assert house.telegram.heard[ANA] == ["sendMediaGroup", "sendMediaGroup"]
    async with house.db.read() as s:
        first = await outbox.find(s, "album0")
    assert first is not None
    assert len(first.message_ids) == 10


# Stands for a full disk: a change like this is refused.
FULL = "CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN {} BEGIN SELECT RAISE(ABORT, 'full'); END"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that another process holds is waited for no longer than a moment."""
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "busy_timeout = 20"))


async def test_a_chat_is_not_mute_when_the_database_was_locked_while_a_message_was_on_its_way(
    impatient: None, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(house.file, isolation_level=None)) as other:

        def lock() -> None:
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        house.telegram.on_the_way = lock
        await house.say("a", "b")
        async with house.running():
            await until(lambda: unwritable(caplog) >= 2)
            house.telegram.on_the_way = lambda: None
            other.execute("ROLLBACK")
    assert house.telegram.heard[ANA] == ["sendMessage a", "sendMessage b"]
    assert await house.state("1:a") == "sent"


@pytest.mark.parametrize(
    ("fault", "state"),
    [(None, "sent"), (TimedOut(), "unknown"), (BadRequest("no"), "failed"), (RetryAfter(0), "sent")],
)
async def test_whatever_became_of_a_message_is_recorded_once_the_database_can_be_written(
    house: House, caplog: pytest.LogCaptureFixture, fault: TelegramError | None, state: str
) -> None:
    await house.run(FULL.format("OLD.state = 'sending'"))
    house.telegram.faults = [fault] if fault else []
    await house.say("a", "b")
    async with house.running():
        await until(lambda: unwritable(caplog) >= 2)
        assert await house.state("1:a") == "sending"
        await house.run("DROP TRIGGER full")
    assert await house.state("1:a") == state
    assert house.answers().count("sendMessage a") == (state == "sent")
    assert house.answers()[-1] == "sendMessage b"


async def test_a_message_that_could_not_be_marked_as_on_its_way_is_sent_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.run(FULL.format("NEW.state = 'sending'"))
    await house.say("a", "b")
    async with house.running():
        await until(lambda: unwritable(caplog) >= 2)
        await house.run("DROP TRIGGER full")
    assert house.telegram.heard[ANA] == ["sendMessage a", "sendMessage b"]


async def test_an_outcome_that_cannot_be_recorded_does_not_hold_up_the_end(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.run(FULL.format("NEW.state = 'sent'"))
    async with asyncio.timeout(20), house.sender.running():
        await house.say("a")
        await until(lambda: unwritable(caplog) >= 1)
    assert await house.state("1:a") == "sending"


async def test_what_belongs_to_nobody_leaves_nothing(house: House) -> None:
    async with house.running():
        await house.record("receipt", ANA, messages.text("erased"), person=None)
    assert house.telegram.heard[ANA] == ["sendMessage erased"]
    assert await house.state("receipt") is None


async def test_a_message_under_way_when_the_process_died_is_not_repeated(house: House) -> None:
    await house.say("a", "b")
    async with house.db.write() as s:
        head = await outbox.head(s, ANA)
        assert head is not None
        await outbox.mark_sending(s, head.id)
    async with house.running():
        pass
    assert house.telegram.heard[ANA] == ["sendMessage b", LINE]


async def test_at_the_end_what_is_under_way_is_finished_and_the_rest_stays(house: House) -> None:
    async with house.sender.running():
        await house.say(*(f"{n}" for n in range(12)))  # more than a burst
        await until(lambda: len(house.telegram.heard[ANA]) >= 2)
    said = len(house.telegram.heard[ANA])
    states = [await house.state(f"1:{n}") for n in range(12)]
    assert states == ["sent"] * said + ["pending"] * (12 - said)


async def test_a_chat_is_not_flooded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast or slow the machine: of a burst of two and ten a second, nothing more gets through."""
    monkeypatch.setattr(sender, "_CHAT_BURST", 2)
    monkeypatch.setattr(sender, "_CHAT_SECONDS", 0.2)
    async with house.running():
        await house.say(*(f"{n}" for n in range(9)))
    for (i, early), (j, late) in combinations(enumerate(house.telegram.times), 2):
        assert j - i <= 2 + 10 * (late - early) + 0.1


class Gate(AsyncLimiter):
    """Counts who has to wait."""

    waited = 0

    async def acquire(self, amount: float = 1) -> None:
        Gate.waited += not self.has_capacity(amount)
        await super().acquire(amount)


async def test_a_burst_does_not_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "AsyncLimiter", Gate)
    async with house.running():
        await house.say(*(f"{n}" for n in range(8)))
    assert (len(house.telegram.heard[ANA]), Gate.waited) == (8, 0)


async def test_in_no_second_more_messages_leave_than_telegram_takes(house: House) -> None:
    async with house.running():
        for chat in range(1, 61):
            await house.say("hello", chat=chat)
    times = house.telegram.times
    assert len(times) == 60
    assert all(later - earlier > 0.95 for earlier, later in zip(times, times[31:], strict=False))


def unwritable(caplog: pytest.LogCaptureFixture) -> int:
    """How often the database could not be written."""
    said = [record.msg for record in caplog.records]
    return sum(isinstance(each, dict) and each["event"] == "outbox_unwritable" for each in said)


def hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110  (looked at from outside)
            await asyncio.sleep(0.005)
