"""Buttons that stayed in the chat for long: a consent counts for the words above it, and erasing is asked for anew."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select
from telegram import Bot, CallbackQuery, Chat, InlineKeyboardMarkup, Message, Update, User

from bot.handlers import start
from bot.handlers.routes import WITHOUT_CONSENT
from bot.services import Services
from bot.ui.presses import Press
from bot.ui.words import words_for
from bot.updates.context import UpdateContext, in_context
from storage import Database, inbox, outbox
from storage.models import ConsentRow

ANA = 7
WORDS = words_for("en")


class Telegram:
    """Answers presses."""

    async def answer_callback_query(self, *_: Any, **__: Any) -> bool:
        return True


class Home:
    """A person who presses buttons that need no consent."""

    def __init__(self, db: Database) -> None:
        self.db, self._number = db, 0
        settings = SimpleNamespace(allowed_users=frozenset(), retention_days=365, operator="")
        sender = SimpleNamespace(wake=lambda: None)
        self.services = cast(Services, SimpleNamespace(db=db, sender=sender, settings=settings))

    async def press(self, data: str) -> None:
        self._number += 1
        user, chat = User(ANA, "Ana", False, language_code="en"), Chat(ANA, "private")
        message = Message(1, datetime.now(UTC), chat, text="the question")
        query = CallbackQuery("1", user, "1", message=message, data=data)
        query.set_bot(cast(Bot, Telegram()))
        update = Update(self._number, callback_query=query)
        async with self.db.write() as s:
            await inbox.add(s, self._number, ANA, ANA, {})
        await in_context(self.services, self._handle)(update, cast(Any, SimpleNamespace(args=[])))

    async def _handle(self, context: UpdateContext) -> None:
        press = Press.parse(context.query.data)
        assert press is not None
        await WITHOUT_CONSENT[press.action](context, press)

    async def sent(self) -> list[dict[str, Any]]:
        found = []
        async with self.db.write() as s:
            while item := await outbox.head(s, ANA):
                found.append(item.arguments)
                await outbox.mark_failed(s, item.id, "read by the test")
        return found

    async def versions(self) -> list[str]:
        async with self.db.read() as s:
            return list(await s.scalars(select(ConsentRow.version)))


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        yield Home(db)


def data_of(arguments: dict[str, Any]) -> str:
    """What the first button of a message sends."""
    keyboard = InlineKeyboardMarkup.de_json(arguments["reply_markup"])
    return str(keyboard.inline_keyboard[0][0].callback_data)


async def test_a_consent_is_recorded_for_the_words_that_it_was_given_to(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.press("v1|consent|yes")  # as buttons were before they said which words they stand under
    assert await home.versions() == ["2026-11"]
    monkeypatch.setattr(start, "CONSENT_VERSION", "2027-01")
    await home.sent()
    for old in ("v1|consent|yes", "v1|consent|yes|2026-11", "v1|consent|yes|2027-01|2026-11"):
        await home.press(old)
        (asked,) = await home.sent()
        assert WORDS.start in asked["text"]
        assert await home.versions() == ["2026-11"]
    await home.press(data_of(asked))
    assert await home.versions() == ["2026-11", "2027-01"]


async def test_everything_is_erased_only_soon_after_the_question(home: Home) -> None:
    await home.press("v1|consent|yes")
    now = int(datetime.now(UTC).timestamp())
    for old in ("v1|erase|yes", f"v1|erase|yes|{now - 3700}", f"v1|erase|yes|{now + 3700}", "v1|erase|yes|x"):
        await home.sent()
        await home.press(old)
        (asked,) = await home.sent()
        assert asked["text"] == WORDS.delete_question
        assert await home.versions() == ["2026-11"]
    await home.press(data_of(asked))
    assert await home.versions() == []
    (receipt,) = await home.sent()
    assert "erased" in receipt["text"]
