"""Messages to send: one line per chat, each message recorded under a key before it is sent.

A message is `pending`, then `sending`, and ends as `sent`, `failed`, or `unknown` when nobody can say whether
Telegram got it; it is never sent a second time then.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import OUTBOX_UNFINISHED, OutboxRow, OutboxState
from storage.rows import changed, columns, first, insert_new
from storage.types import Json, utcnow

_UNFINISHED = text(OUTBOX_UNFINISHED)


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message; its arguments are emptied once its state is final."""

    id: int
    key: str
    update_id: int | None
    chat_id: int
    person_id: int | None
    method: str
    arguments: Json
    state: OutboxState
    reason: str | None
    message_ids: list[int]
    not_before: datetime | None


async def add(
    s: AsyncSession,
    key: str,
    chat_id: int,
    method: str,
    arguments: Json,
    person_id: int | None = None,
    update_id: int | None = None,
) -> bool:
    """Put a message at the end of its chat's queue; return False when its key is already in the outbox.

    `update_id` is the update that the message answers, None where it answers none.
    """
    return await insert_new(
        s,
        OutboxRow,
        key=key,
        update_id=update_id,
        chat_id=chat_id,
        person_id=person_id,
        method=method,
        arguments=arguments,
        state="pending",
        message_ids=[],
        created_at=utcnow(),
    )


async def next_pending(s: AsyncSession, exclude_chats: Set[int] = frozenset()) -> OutboxItem | None:
    """The oldest message that may be sent now: first in its chat's line, none of it under way, and due."""
    return await first(s, OutboxItem, _sendable().where(OutboxRow.chat_id.not_in(exclude_chats)))


async def head(s: AsyncSession, chat_id: int) -> OutboxItem | None:
    """The message of this chat that may be sent now, by the same rules."""
    return await first(s, OutboxItem, _sendable().where(OutboxRow.chat_id == chat_id))


async def pending_chats(s: AsyncSession) -> list[int]:
    """Every chat with a message that waits, due or not, the longest waiting first."""
    waiting = select(OutboxRow.chat_id).where(_UNFINISHED, OutboxRow.state == "pending")
    return list(await s.scalars(waiting.group_by(OutboxRow.chat_id).order_by(func.min(OutboxRow.id))))


async def next_due(s: AsyncSession, exclude_chats: Set[int] = frozenset()) -> datetime | None:
    """When the first of the messages that had to wait (`not_before`) comes due; None when none had to.

    It may have come due a moment ago: after `next_pending` was asked, say.
    """
    waiting = select(func.min(OutboxRow.not_before)).where(_UNFINISHED, OutboxRow.state == "pending")
    return await s.scalar(waiting.where(OutboxRow.chat_id.not_in(exclude_chats)))


async def find(s: AsyncSession, key: str) -> OutboxItem | None:
    """The message of this key in whatever state."""
    return await first(s, OutboxItem, _items().where(OutboxRow.key == key))


async def mark_sending(s: AsyncSession, outbox_id: int) -> bool:
    """Take a pending message to send it; False when somebody else took it. Commit before sending."""
    return await _move(s, outbox_id, ("pending",), state="sending", not_before=None)


async def mark_sent(s: AsyncSession, outbox_id: int, message_ids: list[int]) -> None:
    """Telegram took it and gave these ids."""
    final = {"state": "sent", "message_ids": message_ids, "sent_at": utcnow(), "arguments": {}}
    await _move(s, outbox_id, ("sending",), **final)


async def mark_failed(s: AsyncSession, outbox_id: int, reason_code: str) -> None:
    """It was refused, or cannot be sent; the line goes on with the next message."""
    await _move(s, outbox_id, ("pending", "sending"), state="failed", reason=reason_code, arguments={})


async def mark_unknown(s: AsyncSession, outbox_id: int) -> None:
    """Nobody can say whether Telegram got it."""
    await _move(s, outbox_id, ("sending",), state="unknown", arguments={})


async def mark_pending(s: AsyncSession, outbox_id: int, not_before: datetime | None) -> None:
    """It was certainly not sent: first in line again, and the chat waits until `not_before`."""
    await _move(s, outbox_id, ("sending",), state="pending", not_before=not_before)


async def remove(s: AsyncSession, outbox_id: int) -> None:
    """Forget a message altogether."""
    await s.execute(delete(OutboxRow).where(OutboxRow.id == outbox_id))


async def recover(s: AsyncSession) -> int:
    """At start: what was under way when the process died is unknown. Returns how many."""
    lost = update(OutboxRow).where(OutboxRow.state == "sending")
    return await changed(s, lost.values(state="unknown", arguments={}))


async def cancel_chat(s: AsyncSession, chat_id: int) -> int:
    """The person blocked the bot: what waits for the chat fails. Returns how many."""
    waiting = update(OutboxRow).where(OutboxRow.chat_id == chat_id, OutboxRow.state == "pending")
    return await changed(s, waiting.values(state="failed", reason="blocked", arguments={}))


async def prune(s: AsyncSession, older_than: timedelta) -> int:
    """Remove finished messages made longer ago than this."""
    old = delete(OutboxRow).where(OutboxRow.created_at < utcnow() - older_than)
    return await changed(s, old.where(OutboxRow.state.in_(("sent", "unknown", "failed"))))


def _items() -> Select[*tuple[Any, ...]]:
    return select(*columns(OutboxRow, OutboxItem)).order_by(OutboxRow.id)


def _sendable() -> Select[*tuple[Any, ...]]:
    firsts = select(func.min(OutboxRow.id)).where(_UNFINISHED).group_by(OutboxRow.chat_id)
    due = or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= utcnow())
    return _items().where(OutboxRow.id.in_(firsts), OutboxRow.state == "pending", due)


async def _move(s: AsyncSession, outbox_id: int, allowed: tuple[OutboxState, ...], **values: Any) -> bool:
    """Change a message in one of the allowed states; a final state stays, whoever comes late."""
    row = update(OutboxRow).where(OutboxRow.id == outbox_id, OutboxRow.state.in_(allowed))
    return await changed(s, row.values(**values)) == 1
