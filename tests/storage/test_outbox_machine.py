"""Any mix of adding, sending, failing and dying keeps each chat's order and sends nothing twice."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.ext.asyncio import AsyncSession

from storage import Database, outbox
from tests.examples import times
from tests.storage.conftest import migrated

T = TypeVar("T")
CHATS = st.sampled_from([1, 2, 3])


class Outbox(RuleBasedStateMachine):
    """`wire` is what Telegram may have seen, in order; `under_way` what was taken and has not ended."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        Path(self.folder.name, "attune.db").write_bytes(migrated())
        self.db = Database(f"sqlite+aiosqlite:///{self.folder.name}/attune.db")
        self.runner.run(self.db.__aenter__())
        self.added: dict[int, list[str]] = {1: [], 2: [], 3: []}
        self.wire: dict[int, list[str]] = {1: [], 2: [], 3: []}
        self.refused: set[str] = set()
        self.under_way: dict[int, outbox.OutboxItem] = {}

    def write(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.db.write() as s:
                return await work(s)

        return self.runner.run(run())

    @rule(chat=CHATS, number=st.integers(0, 5))
    def add(self, chat: int, number: int) -> None:
        key = f"{chat}:{number}"
        new = self.write(lambda s: outbox.add(s, key, chat, "sendMessage", {"text": key}))
        assert new == (key not in self.added[chat])
        if new:
            self.added[chat].append(key)

    @rule(busy=st.sets(CHATS))
    def take(self, busy: set[int]) -> None:
        item = self.write(lambda s: outbox.next_pending(s, busy))
        sendable = {chat for chat in self.added if self.line(chat) and self.free(chat)} - busy
        if item is None:
            assert not sendable
            return
        assert item.chat_id in sendable
        assert item.key == self.line(item.chat_id)[0]
        assert item.arguments == {"text": item.key}
        assert self.write(lambda s: outbox.mark_sending(s, item.id))
        self.under_way[item.chat_id] = item

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), end=st.sampled_from(["sent", "unknown", "failed", "limited"]))
    def end(self, data: st.DataObject, end: str) -> None:
        chat, item = data.draw(st.sampled_from(sorted(self.under_way.items(), key=lambda pair: pair[0])))
        del self.under_way[chat]
        if end == "sent":
            self.write(lambda s: outbox.mark_sent(s, item.id, [item.id]))
        elif end == "unknown":
            self.write(lambda s: outbox.mark_unknown(s, item.id))
        elif end == "failed":
            self.refused.add(item.key)
            self.write(lambda s: outbox.mark_failed(s, item.id, "bad_request"))
        else:
            self.write(lambda s: outbox.mark_pending(s, item.id))
        if end in ("sent", "unknown"):
            self.wire[chat].append(item.key)

    @rule()
    def die_and_start_again(self) -> None:
        assert self.write(outbox.recover) == len(self.under_way)
        for chat, item in self.under_way.items():
            self.wire[chat].append(item.key)
        self.under_way.clear()

    def line(self, chat: int) -> list[str]:
        """What this chat still has to get."""
        return [key for key in self.added[chat] if key not in self.refused and key not in self.wire[chat]]

    def free(self, chat: int) -> bool:
        return chat not in self.under_way

    @invariant()
    def each_chat_gets_its_messages_once_and_in_order(self) -> None:
        for chat, seen in self.wire.items():
            assert len(set(seen)) == len(seen)
            assert seen == [key for key in self.added[chat] if key in seen]

    def teardown(self) -> None:
        self.runner.run(self.db.close())
        self.runner.close()
        self.folder.cleanup()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=times(0.25), stateful_step_count=30, deadline=None)
