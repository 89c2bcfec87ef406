"""Erase for good what was deleted."""

from bot.logs import get_logger
from storage import Database

log = get_logger(__name__)


async def erase_traces(db: Database) -> None:
    """Take what was deleted out of the database's files too, if nobody reads in them just now.

    Else it is zeroed in the tables, and the next call clears the rest.
    """
    try:
        await db.erase_traces()
    except TimeoutError:
        log.warning("traces_left")
