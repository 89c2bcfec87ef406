"""The inbox: committed before it is taken, known updates dropped, the rest restored."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from telegram import Bot, Chat, Message, PhotoSize, Update, User
from telegram.error import NetworkError

from bot.crisis import asks_for_help
from bot.updates import inbox as the_inbox
from bot.updates.inbox import Inbox
from bot.updates.media import written
from storage import Database, inbox, outbox

BOT = Bot("123456:abcdefghijklmnop")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        yield db


def update(number: int, text: str | None = None, who: int = 7) -> Update:
    chat, user = Chat(who, "private"), User(who, "Ana", False)
    said = text or f"text {number}"
    return Update(number, message=Message(number, datetime.now(UTC), chat, from_user=user, text=said))


async def test_an_update_is_committed_when_put_returns(db: Database, tmp_path: Path) -> None:
    queue = Inbox(db)
    await queue.put(update(1))
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as other, other.read() as s:
        (waiting,) = await inbox.pending(s)
    assert (waiting.update_id, waiting.chat_id, waiting.person_id) == (1, 7, 7)
    assert queue.qsize() == 1


async def test_a_known_update_is_dropped(db: Database) -> None:
    queue = Inbox(db)
    for _ in range(3):
        await queue.put(update(1))
    assert queue.qsize() == 1


async def test_of_words_of_self_harm_only_the_wish_for_numbers_comes_again(db: Database) -> None:
    chat, ana, photo = Chat(7, "private"), User(7, "Ana", False), (PhotoSize("file", "unique", 90, 90),)
    words = "I want to die, Klabautermann"
    cry = Update(1, Message(1, datetime.now(UTC), chat, from_user=ana, photo=photo, caption=words))
    await Inbox(db).put(cry)
    queue = Inbox(db)
    assert await queue.restore(BOT) == 1
    restored = queue.get_nowait()
    assert isinstance(restored, Update)
    assert restored.effective_user == cry.effective_user
    assert asks_for_help(written(restored.message))
    assert "Klabautermann" not in str(restored)
    assert "file" not in str(restored)


async def test_what_is_no_update_passes_through(db: Database) -> None:
    queue, sentinel = Inbox(db), object()
    await queue.put(sentinel)
    assert await queue.get() is sentinel


async def test_what_an_earlier_process_left_comes_again_in_order(db: Database) -> None:
    for number in (3, 1, 2):
        await Inbox(db).put(update(number))
    async with db.write() as s:
        await inbox.done(s, 2)
    queue = Inbox(db)
    assert await queue.restore(BOT) == 2
    restored = [queue.get_nowait() for _ in range(2)]
    assert [u.message.text for u in restored if isinstance(u, Update) and u.message] == ["text 1", "text 3"]


async def test_what_ended_unhandled_is_taken_up_again_and_what_somebody_works_on_is_not(db: Database) -> None:
    queue = Inbox(db)
    for number in (1, 2, 3):
        await queue.put(update(number))
    taken = [queue.get_nowait() for _ in range(3)]
    async with db.write() as s:
        await inbox.done(s, 1)
    for each in taken[:2]:  # the second could not be handled, the third is still under way
        queue.release(each)
    assert await queue.restore(BOT) == 1
    again = queue.get_nowait()
    assert isinstance(again, Update)
    assert again.update_id == 2
    assert await queue.restore(BOT) == 0
    assert queue.empty()


async def test_what_telegram_repeats_meanwhile_is_still_handled_by_one(db: Database) -> None:
    queue = Inbox(db)
    await queue.put(update(1))
    await queue.put(update(1))
    assert queue.qsize() == 1
    assert await queue.restore(BOT) == 0


async def test_a_failing_storage_has_the_batch_fetched_again(db: Database) -> None:
    async with db.write() as s:
        await s.execute(text("DROP TABLE inbox"))
    queue = Inbox(db)
    with pytest.raises(NetworkError):
        await queue.put(update(1))
    assert queue.empty()


async def test_of_one_chat_only_so_many_are_taken_and_that_is_said_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_inbox, "MOST_WAITING", 3)
    woken = list[bool]()
    queue = Inbox(db, lambda: woken.append(True))
    for number in range(1, 7):
        await queue.put(update(number))
    await queue.put(update(7, "I want to die"))
    await queue.put(update(8, who=8))
    taken = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [u.update_id for u in taken if isinstance(u, Update)] == [1, 2, 3, 7, 8]
    async with db.write() as s:
        said = await outbox.head(s, 7)
        assert said is not None
        assert said.arguments["text"].startswith("3 messages of yours are waiting")
        await outbox.remove(s, said.id)
        assert await outbox.head(s, 7) is None
    assert woken == [True]
    for each in taken:
        queue.release(each)
    await queue.put(update(9))
    assert queue.qsize() == 1


async def test_what_comes_at_once_is_committed_at_once_and_queued_piece_by_piece(db: Database) -> None:
    queue = Inbox(db)
    await queue.put(update(1))
    batch = [update(number) for number in (1, 2, 3)]
    await queue.store(batch)
    async with db.read() as s:
        assert [item.update_id for item in await inbox.pending(s)] == [1, 2, 3]
    assert await queue.restore(BOT) == 0
    for each in batch:
        await queue.put(each)
    assert queue.qsize() == 3


async def test_a_batch_that_cannot_be_stored_is_taken_when_it_comes_again(db: Database) -> None:
    queue, batch = Inbox(db), [update(number) for number in (1, 2)]
    async with db.write() as s:
        await s.execute(text("ALTER TABLE inbox RENAME TO gone"))
    with pytest.raises(NetworkError):
        await queue.store(batch)
    async with db.write() as s:
        await s.execute(text("ALTER TABLE gone RENAME TO inbox"))
    await queue.store(batch)
    for each in batch:
        await queue.put(each)
    assert queue.qsize() == 2
