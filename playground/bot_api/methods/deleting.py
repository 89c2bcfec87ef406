"""The methods that delete messages."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits
from playground.protocol.errors import api_error, limit_exceeded
from playground.state.chats import Chat


async def delete_message(call: Call) -> bool:
    """Answer deleteMessage; a message older than two days cannot be deleted."""
    chat = call.chat()
    if call.message_id() not in chat.messages:
        raise api_error("message to delete not found")
    if not _is_deletable(call, chat, call.message_id()):
        raise api_error("MESSAGE_DELETE_FORBIDDEN")
    chat.delete_message(call.message_id())
    return True


async def delete_messages(call: Call) -> bool:
    """Answer deleteMessages; messages that cannot be deleted are skipped."""
    chat = call.chat()
    message_ids = call.arguments.parsed("message_ids", "message identifiers")
    if not message_ids or not isinstance(message_ids, list):
        raise api_error("message identifiers are not specified")
    if len(message_ids) > limits.DELETED_AT_ONCE:
        raise limit_exceeded("too many message identifiers specified")
    for message_id in message_ids:
        if message_id in chat.messages and _is_deletable(call, chat, message_id):
            chat.delete_message(message_id)
    return True


def _is_deletable(call: Call, chat: Chat, message_id: int) -> bool:
    age = call.state.now() - chat.messages[message_id]["date"]
    return bool(age <= limits.DELETABLE_S)


METHODS: dict[str, Handler] = {"deleteMessage": delete_message, "deleteMessages": delete_messages}
