"""Gather in one transaction all that an update changes and says."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.messages import Message
from bot.delivery.outbox import post
from bot.ui.words import Words
from storage.people import Person


class Event(Enum):
    """Name what happened in a unit of work and has to be followed up once it is committed."""

    PLAYLISTS_CHANGED = auto()
    TRACKS_WISHED = auto()


@dataclass(slots=True)
class UnitOfWork:
    """Gather the changes and answers of one update, to be committed with the fact that it was handled.

    `moment` is when the person acted, in UTC. The pattern is Fowler's (Patterns of Enterprise Application Architecture,
    2002): `events` are followed up by `bot.usecases.follow_up` after the commit.
    """

    session: AsyncSession
    person: Person
    words: Words
    update_id: int
    moment: datetime
    events: set[Event] = field(default_factory=set)
    _answers: int = 0

    async def say(self, message: Message) -> str:
        """Record the next answer and return the key under which it can be changed later."""
        self._answers += 1
        key = f"{self.update_id}:{self._answers}"
        await self.post(key, message)
        return key

    async def post(self, key: str, message: Message) -> None:
        """Record a message under a key of its own, unless one was recorded under it before."""
        await post(self.session, key, self.person, message, self.update_id)
