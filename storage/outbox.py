"""Queue messages to send, one queue for each chat; a message is recorded under a key before it is sent.

A message is `pending`, then `sending`, and ends as `sent`, `failed`, or `unknown` when nobody can say whether
Telegram got it. It is sent a second time then only where its person asks for it: what it says is kept until then, if it
belongs to a person.
"""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import OUTBOX_UNFINISHED, OutboxRow, OutboxState
from storage.rows import changed, columns, every, first, insert_new
from storage.types import Json, utcnow

_UNFINISHED = text(OUTBOX_UNFINISHED)
# Of a message that belongs to nobody, nothing is kept.
_KEPT = case(
    (OutboxRow.person_id.is_(None), literal({}, OutboxRow.arguments.type)), else_=OutboxRow.arguments
)
_CAN_BE_SENT_AGAIN = and_(OutboxRow.state == "unknown", cast(OutboxRow.arguments, Text) != "{}")


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Hold a message; its arguments are emptied once it is sent or failed, or need not be sent again."""

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
    """Return the oldest message that may be sent now, in a chat that is not excluded, or None.

    It is the first in its chat's queue, and no other message of the chat is being sent.
    """
    found = await every(s, OutboxItem, _NEXT, busy=list(exclude_chats))
    return found[0] if found else None


async def head(s: AsyncSession, chat_id: int) -> OutboxItem | None:
    """Return the message of this chat that may be sent now by the same rules, or None."""
    return await first(s, OutboxItem, _sendable().where(OutboxRow.chat_id == chat_id))


async def pending_chats(s: AsyncSession) -> list[int]:
    """Return the chats in which a message waits, the longest waiting first."""
    waiting = select(OutboxRow.chat_id).where(_UNFINISHED, OutboxRow.state == "pending")
    return list(await s.scalars(waiting.group_by(OutboxRow.chat_id).order_by(func.min(OutboxRow.id))))


async def unanswered(s: AsyncSession, update_ids: Collection[int]) -> set[int]:
    """Return those of some updates of whose answers none was sent yet, and at least one is to be sent."""
    unfinished = await s.execute(select(OutboxRow.update_id, OutboxRow.chat_id).where(_UNFINISHED))
    waiting = {number: chat_id for number, chat_id in unfinished if number and number in update_ids}
    if not waiting:
        return set()
    ended = select(OutboxRow.update_id).where(
        OutboxRow.chat_id.in_(waiting.values()),  # which has an index
        OutboxRow.update_id.in_(waiting),
        OutboxRow.state.not_in(("pending", "sending")),
    )
    return waiting.keys() - set(await s.scalars(ended))


async def find(s: AsyncSession, key: str) -> OutboxItem | None:
    """Return the message of this key in whatever state, or None."""
    return await first(s, OutboxItem, _items().where(OutboxRow.key == key))


async def mark_sending(s: AsyncSession, outbox_id: int) -> bool:
    """Take a pending message to send it; return False when somebody else took it. Commit before sending."""
    return await _move(s, outbox_id, ("pending",), state="sending")


async def mark_sent(s: AsyncSession, outbox_id: int, message_ids: list[int]) -> None:
    """Record that Telegram took the message and gave it these ids."""
    final = {"state": "sent", "message_ids": message_ids, "sent_at": utcnow(), "arguments": {}}
    await _move(s, outbox_id, ("sending",), **final)


async def mark_failed(s: AsyncSession, outbox_id: int, reason_code: str) -> None:
    """Record that a message was refused or cannot be sent; the next one in its queue can go."""
    await _move(s, outbox_id, ("pending", "sending"), state="failed", reason=reason_code, arguments={})


async def mark_unknown(s: AsyncSession, outbox_id: int) -> None:
    """Record that nobody can say whether Telegram got the message; the next one in its queue can go."""
    row = update(OutboxRow).where(OutboxRow.id == outbox_id, OutboxRow.state == "sending")
    await s.execute(row.values(state="unknown", arguments=_KEPT))


async def mark_pending(s: AsyncSession, outbox_id: int) -> None:
    """Put a message that was certainly not sent back to the head of its queue."""
    await _move(s, outbox_id, ("sending",), state="pending")


async def remove(s: AsyncSession, outbox_id: int) -> None:
    """Forget a message altogether."""
    await s.execute(delete(OutboxRow).where(OutboxRow.id == outbox_id))


async def under_way(s: AsyncSession) -> list[OutboxItem]:
    """Return the messages that are being sent, in their order."""
    return await every(s, OutboxItem, _items().where(OutboxRow.state == "sending"))


async def recover(s: AsyncSession) -> int:
    """Mark as unknown what was being sent when the process died, and return how many; call this at start."""
    lost = update(OutboxRow).where(OutboxRow.state == "sending")
    return await changed(s, lost.values(state="unknown", arguments=_KEPT))


async def kept(s: AsyncSession, chat_id: int) -> bool:
    """Tell whether the chat has messages of unknown outcome that can be sent again."""
    row = select(OutboxRow.id).where(OutboxRow.chat_id == chat_id, _CAN_BE_SENT_AGAIN)
    return await s.scalar(row.limit(1)) is not None


async def send_again(s: AsyncSession, person_id: int, max_age: timedelta) -> int:
    """Put a person's messages of unknown outcome at the head of their queue, and return how many.

    Those that were recorded longer ago than `max_age` stay as they are.
    """
    row = update(OutboxRow).where(OutboxRow.person_id == person_id, _CAN_BE_SENT_AGAIN)
    young = row.where(OutboxRow.created_at >= utcnow() - max_age)
    return await changed(s, young.values(state="pending"))


async def forget_content(s: AsyncSession, key: str) -> None:
    """Forget what a message of unknown outcome says, since another one said it anew."""
    row = update(OutboxRow).where(OutboxRow.key == key, OutboxRow.state == "unknown")
    await s.execute(row.values(arguments={}))


async def forget_contents(s: AsyncSession, older_than: timedelta) -> int:
    """Forget what messages of unknown outcome say that were recorded longer ago than this; return how many."""
    old = update(OutboxRow).where(OutboxRow.created_at < utcnow() - older_than, _CAN_BE_SENT_AGAIN)
    return await changed(s, old.values(arguments={}))


async def waits(s: AsyncSession, chat_id: int, beginning: str) -> bool:
    """Tell whether a message whose key begins so is still to be sent in the chat."""
    row = select(OutboxRow.id).where(_UNFINISHED, OutboxRow.chat_id == chat_id)
    return (
        await s.scalar(row.where(OutboxRow.key.startswith(beginning, autoescape=True)).limit(1)) is not None
    )


async def cancel_chat(s: AsyncSession, chat_id: int) -> int:
    """Fail all that waits for a chat whose person blocked the bot, and return how many."""
    waiting = update(OutboxRow).where(OutboxRow.chat_id == chat_id, OutboxRow.state == "pending")
    return await changed(s, waiting.values(state="failed", reason="blocked", arguments={}))


async def prune(s: AsyncSession, older_than: timedelta) -> int:
    """Remove finished messages that were recorded longer ago than this, and return how many."""
    old = delete(OutboxRow).where(OutboxRow.created_at < utcnow() - older_than)
    return await changed(s, old.where(OutboxRow.state.in_(("sent", "unknown", "failed"))))


def _items() -> Select[*tuple[Any, ...]]:
    return select(*columns(OutboxRow, OutboxItem)).order_by(OutboxRow.id)


def _sendable() -> Select[*tuple[Any, ...]]:
    firsts = select(func.min(OutboxRow.id)).where(_UNFINISHED).group_by(OutboxRow.chat_id)
    return _items().where(OutboxRow.id.in_(firsts), OutboxRow.state == "pending")


_NEXT = _sendable().where(OutboxRow.chat_id.not_in(bindparam("busy", expanding=True))).limit(1)


async def _move(s: AsyncSession, outbox_id: int, allowed: tuple[OutboxState, ...], **values: Any) -> bool:
    """Change a message that is in one of the allowed states, and tell whether it was; final states stay as they are."""
    return await changed(s, _in_state(allowed), number=outbox_id, **values) == 1


@cache
def _in_state(allowed: tuple[OutboxState, ...]) -> Update:
    """Return an update of a message that is in one of these states; made once, which takes longer than running it."""
    return update(OutboxRow).where(OutboxRow.id == bindparam("number"), OutboxRow.state.in_(allowed))
