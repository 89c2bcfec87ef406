"""Updates from Telegram: committed before Telegram hears that they were taken, handled once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import InboxRow
from storage.rows import changed, columns, every, insert_new
from storage.types import Json, utcnow


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An update that waits; `attempts` counts how often its handling has begun."""

    update_id: int
    chat_id: int | None
    person_id: int | None
    payload: Json
    attempts: int


async def add(
    s: AsyncSession, update_id: int, chat_id: int | None, person_id: int | None, payload: Json
) -> bool:
    """Record an update; False when it is known already."""
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
    """What has not been handled, in the order of the updates."""
    waiting = select(*columns(InboxRow, InboxItem)).where(InboxRow.handled_at.is_(None))
    return await every(s, InboxItem, waiting.order_by(InboxRow.update_id))


async def begin(s: AsyncSession, update_id: int) -> int:
    """Count an attempt, so that an update that ends the process is given up one day.

    Returns which attempt this is, from 1; 0 for an update that is handled already, or unknown.
    """
    row = update(InboxRow).where(InboxRow.update_id == update_id, InboxRow.handled_at.is_(None))
    counted = row.values(attempts=InboxRow.attempts + 1).returning(InboxRow.attempts)
    return await s.scalar(counted) or 0


async def waits(s: AsyncSession, update_id: int) -> bool:
    """Whether the update is still to be handled; it is not when its person was forgotten meanwhile."""
    row = select(InboxRow.update_id).where(InboxRow.update_id == update_id, InboxRow.handled_at.is_(None))
    return await s.scalar(row) is not None


async def done(s: AsyncSession, update_id: int) -> None:
    """Mark an update as handled and forget what was in it; belongs into the transaction of its effect."""
    row = update(InboxRow).where(InboxRow.update_id == update_id)
    await s.execute(row.values(handled_at=utcnow(), payload={}))


async def prune(s: AsyncSession, older_than: timedelta) -> int:
    """Remove what was handled longer ago than this: Telegram repeats an update for a day at most."""
    return await changed(s, delete(InboxRow).where(InboxRow.handled_at < utcnow() - older_than))
