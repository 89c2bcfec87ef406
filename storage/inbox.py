"""Store updates from Telegram before Telegram hears that they were taken, and have each handled once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import InboxRow
from storage.rows import changed, columns, every, insert_new
from storage.types import Json, utcnow

# Every update needs these, and making a statement takes longer than running it.
_ONE = InboxRow.update_id == bindparam("number")
_BEGIN = (
    update(InboxRow)
    .where(_ONE, InboxRow.handled_at.is_(None))
    .values(attempts=InboxRow.attempts + 1)
    .returning(InboxRow.attempts)
)
_WAITS = select(InboxRow.update_id).where(_ONE, InboxRow.handled_at.is_(None))
_DONE = update(InboxRow).where(_ONE).values(handled_at=bindparam("now"), payload={})


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Hold an update that waits; `attempts` counts how often its handling has begun."""

    update_id: int
    chat_id: int | None
    person_id: int | None
    payload: Json
    attempts: int


async def add(
    s: AsyncSession, update_id: int, chat_id: int | None, person_id: int | None, payload: Json
) -> bool:
    """Record an update; return False when it is known already."""
    return await insert_new(
        s,
        InboxRow,
        update_id=update_id,
        chat_id=chat_id,
        person_id=person_id,
        payload=payload,
        received_at=utcnow(),
        attempts=0,
    )


async def pending(s: AsyncSession) -> list[InboxItem]:
    """Return the updates that were not handled yet, in their order."""
    waiting = select(*columns(InboxRow, InboxItem)).where(InboxRow.handled_at.is_(None))
    return await every(s, InboxItem, waiting.order_by(InboxRow.update_id))


async def waiting(s: AsyncSession) -> set[int]:
    """Return the numbers of the updates that were not handled yet."""
    return set(await s.scalars(select(InboxRow.update_id).where(InboxRow.handled_at.is_(None))))


async def unopened(s: AsyncSession, update_ids: Collection[int]) -> set[int]:
    """Return those of some updates whose handling has not begun yet."""
    waiting = select(InboxRow.update_id).where(InboxRow.handled_at.is_(None), InboxRow.attempts == 0)
    return set(await s.scalars(waiting)) & set(update_ids)


async def begin(s: AsyncSession, update_id: int) -> int:
    """Count an attempt to handle an update, so that one that ends the process is given up one day.

    Returns which attempt this is, from 1; 0 for an update that is handled already, or unknown.
    """
    return await s.scalar(_BEGIN, {"number": update_id}) or 0


async def waits(s: AsyncSession, update_id: int) -> bool:
    """Tell whether the update is still to be handled; it is not when its person was forgotten meanwhile."""
    return await s.scalar(_WAITS, {"number": update_id}) is not None


async def done(s: AsyncSession, update_id: int) -> None:
    """Mark an update as handled and forget its content; call this in the transaction of its effect."""
    await s.execute(_DONE, {"number": update_id, "now": utcnow()})


async def prune(s: AsyncSession, older_than: timedelta) -> int:
    """Remove updates that were handled longer ago than this, and return how many.

    Telegram repeats an update for a day at most.
    """
    return await changed(s, delete(InboxRow).where(InboxRow.handled_at < utcnow() - older_than))
