"""Who waits for more than a second is told so once, by a draft."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from telegram import Bot, Chat, Message, Update, User

from bot.ui.words import words_for
from bot.updates import late_answers
from bot.updates.late_answers import LateAnswers
from storage import Database, inbox, outbox

DRAFT = words_for("en").late


class Drafts:
    """A bot that shows drafts."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str]] = []

    async def send_message_draft(self, chat_id: int, _: int, text: str) -> None:
        self.shown.append((chat_id, text))


@pytest.fixture
async def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(late_answers, "LATE_S", 0.0)
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        yield db


async def told(db: Database, late: LateAnswers) -> list[tuple[int, str]]:
    drafts = Drafts()
    await late.tell(cast(Bot, cast(Any, drafts)))
    return drafts.shown


async def stored(db: Database, number: int, who: int = 7) -> Update:
    chat, user = Chat(who, "private"), User(who, "Ana", False, language_code="en")
    update = Update(number, Message(number, datetime.now(UTC), chat, from_user=user, text="hello"))
    async with db.write() as s:
        await inbox.add(s, number, who, who, update.to_dict())
    return update


async def answered(db: Database, number: int, *, sent: bool, who: int = 7) -> None:
    async with db.write() as s:
        await inbox.begin(s, number)
        await inbox.done(s, number)
        await outbox.add(s, f"{number}:1", who, "sendMessage", {}, None, number)
        item = await outbox.find(s, f"{number}:1")
        assert item is not None
        if sent:
            await outbox.mark_sending(s, item.id)
            await outbox.mark_sent(s, item.id, [1])


async def test_who_waits_for_an_update_to_be_opened_is_told_once(db: Database) -> None:
    late = LateAnswers(db)
    for number in (1, 2):
        late.begun(await stored(db, number))
    late.begun(await stored(db, 3, who=8))
    assert sorted(await told(db, late)) == [(7, DRAFT), (8, DRAFT)]
    late.begun(await stored(db, 4))
    assert await told(db, late) == []


async def test_who_waits_for_an_answer_to_be_sent_is_told(db: Database) -> None:
    late = LateAnswers(db)
    late.begun(await stored(db, 1))
    await answered(db, 1, sent=False)
    assert await told(db, late) == [(7, DRAFT)]


async def test_who_has_an_answer_or_is_read_is_not_told(db: Database) -> None:
    late = LateAnswers(db)
    late.begun(await stored(db, 1))
    await answered(db, 1, sent=True)
    late.begun(await stored(db, 2, who=8))
    async with db.write() as s:
        await inbox.begin(s, 2)
    assert await told(db, late) == []
