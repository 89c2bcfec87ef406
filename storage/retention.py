"""Forget what is too old to be kept."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import people
from storage.models import CheckinRow, ConsentRow, PersonRow
from storage.rows import changed


async def expire(s: AsyncSession, before: datetime) -> int:
    """Forget what is from before this moment, and return how many rows went.

    People who were not seen since are forgotten altogether. Of the others, check-ins with the tracks and thumbs that
    followed them go, and consents withdrawn before; playlists stay, since they are in use.
    """
    unseen = await s.scalars(select(PersonRow.id).where(PersonRow.seen_at < before))
    receipts = [await people.delete_everything(s, person_id) for person_id in unseen.all()]
    old = await changed(s, delete(CheckinRow).where(CheckinRow.opened_at < before))
    withdrawn = await changed(s, delete(ConsentRow).where(ConsentRow.withdrawn_at < before))
    return sum(sum(receipt.values()) for receipt in receipts) + old + withdrawn
