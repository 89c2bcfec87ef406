"""Deleting messages."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits
from playground.protocol.errors import over_limit, refused
from playground.state.chats import Chat


async def delete_message(call: Call) -> bool:
    """deleteMessage."""
    chat = call.chat()
    if call.message_id() not in chat.messages:
        raise refused("message to delete not found")
    if not _deletable(call, chat, call.message_id()):
        raise refused("MESSAGE_DELETE_FORBIDDEN")
    _delete(call, chat, call.message_id())
    return True


async def delete_messages(call: Call) -> bool:
    """deleteMessages: those that cannot be deleted are skipped."""
    chat = call.chat()
    try:
        numbers = call.arguments.parsed("message_ids")
    except ValueError as error:
        raise refused("can't parse message identifiers JSON object") from error
    if not numbers or not isinstance(numbers, list):
        raise refused("message identifiers are not specified")
    if len(numbers) > limits.DELETE_AT_ONCE:
        raise over_limit("too many message identifiers specified")
    for number in numbers:
        if number in chat.messages and _deletable(call, chat, number):
            _delete(call, chat, number)
    return True


def _deletable(call: Call, chat: Chat, message_id: int) -> bool:
    age = call.state.now() - chat.messages[message_id]["date"]
    return bool(age <= limits.DELETABLE_S)


def _delete(call: Call, chat: Chat, message_id: int) -> None:
    chat.remove(message_id, call.state.event_numbers)
    call.state.bell.ring()


METHODS: dict[str, Handler] = {"deleteMessage": delete_message, "deleteMessages": delete_messages}
