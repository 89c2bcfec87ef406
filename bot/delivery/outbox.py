"""Record what is to be said, in the transaction of the change that it tells of."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.messages import Message
from storage import outbox
from storage.people import Person


async def post(
    s: AsyncSession, key: str, person: Person, message: Message, update_id: int | None = None
) -> None:
    """Put a message to a person into the outbox, unless one was recorded under this key before.

    `update_id` is Telegram's number of the update that it answers, None for one that comes by itself.
    """
    chat_id, method, arguments = person.chat_id, message.method, message.arguments
    await outbox.add(s, key, chat_id, method, arguments, person.id, update_id)
