"""Tell a person that a message may not have arrived: by one line, with a button that sends it again.

The line belongs to nobody, so it is neither kept nor offered itself.
"""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.words import words_for
from storage import outbox, people
from storage.outbox import OutboxItem

KEPT = timedelta(days=1)  # for so long the button sends again
_LINE = "interrupted:"


def is_line(item: OutboxItem) -> bool:
    """Tell whether a message is such a line."""
    return item.key.startswith(_LINE)


async def offer(s: AsyncSession, item: OutboxItem) -> None:
    """Record the line in the chat of a message, unless one waits there already or nothing can be sent again."""
    if item.person_id is None or not await outbox.kept(s, item.chat_id):
        return
    if await outbox.waits(s, item.chat_id, _LINE):
        return
    person = await people.get(s, item.person_id)
    words = words_for(person.language_code if person else None)
    line = messages.text(words.interrupted, keyboards.send_again(words))
    await outbox.add(s, f"{_LINE}{uuid4().hex}", item.chat_id, line.method, line.arguments)
