"""Forget what is too old to be kept."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import people
from storage.models import CheckinRow, ConsentRow, PersonRow
from storage.rows import changed


async def count_unseen(s: AsyncSession, before: datetime) -> tuple[int, int]:
    """Count the people who were not seen since this moment, and all people."""
    unseen = select(func.count()).select_from(PersonRow).where(PersonRow.seen_at < before)
    everybody = select(func.count()).select_from(PersonRow)
    return await s.scalar(unseen) or 0, await s.scalar(everybody) or 0


async def expire(s: AsyncSession, before: datetime, *, people_too: bool = True) -> int:
    """Forget what is from before this moment, and return how many rows went.

    People who were not seen since are forgotten altogether, where `people_too` says so. Of the others, check-ins with
    the tracks and thumbs that followed them go, and consents withdrawn before; playlists stay, since they are in use.
    """
    unseen = await s.scalars(select(PersonRow.id).where(PersonRow.seen_at < before))
    gone = unseen.all() if people_too else []
    receipts = [await people.delete_everything(s, person_id) for person_id in gone]
    old = await changed(s, delete(CheckinRow).where(CheckinRow.opened_at < before))
    withdrawn = await changed(s, delete(ConsentRow).where(ConsentRow.withdrawn_at < before))
    return sum(sum(receipt.values()) for receipt in receipts) + old + withdrawn
