"""The methods that send texts, drafts and chat actions, and what all sent messages have in common."""

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.reply_markup import ReplyMarkup, read_reply_markup
from playground.protocol import limits, schema
from playground.protocol.errors import api_error, not_implemented
from playground.protocol.schema import JsonObject
from playground.state.chats import Chat, without_reply


async def send_message(call: Call) -> JsonObject:
    """Answer sendMessage with the new message."""
    text = texts.message_text(call.arguments)
    options = _object(call.arguments, "link_preview_options")
    preview = {"link_preview_options": options} if options else {}
    prepared = prepare_message(call)
    texts.check_length(text, limits.TEXT_LENGTH, "message is too long")
    return prepared.send(text.as_fields() | preview)


async def send_message_draft(call: Call) -> bool:
    """Answer sendMessageDraft, which shows for half a minute what the bot is about to say."""
    chat = call.writable_chat()
    if not chat.is_private:
        raise api_error("TEXTDRAFT_PEER_INVALID")
    draft_id = call.arguments.integer("draft_id")
    if not draft_id:
        raise api_error("draft_id must be non-zero")
    text = texts.draft_text(call.arguments)
    chat.add_event("draft", _unnumbered(call, chat) | {"draft_id": draft_id} | text.as_fields())
    return True


async def send_chat_action(call: Call) -> bool:
    """Answer sendChatAction, which shows what the bot is doing, such as typing."""
    action = call.arguments.text("action").lower()
    if action not in schema.CHAT_ACTIONS:
        raise api_error("wrong parameter action in request")
    chat = call.writable_chat()
    chat.add_event("action", _unnumbered(call, chat) | {"action": action})
    return True


def _unnumbered(call: Call, chat: Chat) -> JsonObject:
    """Return the first fields of an event that is no message and so has no message_id."""
    return {"from": call.state.bot, "chat": chat.info, "date": call.state.now()}


class PreparedMessage:
    """Hold everything of a message but its content: its chat, its keyboard, its reply and its options."""

    def __init__(self, call: Call, chat: Chat, markup: ReplyMarkup, options: JsonObject) -> None:
        self._call = call
        self._chat = chat
        self._markup = markup
        self._options = options

    def send(self, content: JsonObject) -> JsonObject:
        """Put the message with this content into its chat and return it."""
        self._call.count_sent_message()
        envelope = self._call.state.envelope(self._chat, self._call.state.bot)
        if self._markup.is_reply_keyboard:
            self._chat.not_editable.add(envelope["message_id"])
        message = envelope | self._options | content | self._markup.fields()
        self._chat.add_message(message)
        return message


def prepare_message(call: Call) -> PreparedMessage:
    """Check keyboard, chat, reply and options of a message to send, in the server's order.

    Raises BotApiError.
    """
    markup = read_reply_markup(call.arguments, call.problems)
    chat = call.writable_chat()
    reply = _reply_field(call.arguments, chat)
    return PreparedMessage(call, chat, markup, reply | _option_fields(call.arguments, chat))


def _reply_field(arguments: Arguments, chat: Chat) -> JsonObject:
    """Return the field with the message that a new one answers, if any. Raises BotApiError."""
    parameters = _object(arguments, "reply_parameters")
    message_id = parameters.get("message_id") or arguments.integer("reply_to_message_id")
    if parameters.get("quote"):
        raise not_implemented("quotes in replies")
    if not message_id:
        return {}
    if message_id in chat.messages:
        return {"reply_to_message": without_reply(chat.messages[message_id])}
    if parameters.get("allow_sending_without_reply") or arguments.flag("allow_sending_without_reply"):
        return {}
    raise api_error("message to be replied not found")


def _option_fields(arguments: Arguments, chat: Chat) -> JsonObject:
    fields: JsonObject = {}
    if arguments.flag("protect_content"):
        fields["has_protected_content"] = True
    if effect := arguments.text("message_effect_id"):
        if not chat.is_private:
            raise api_error("EFFECT_CHAT_INVALID")
        fields["effect_id"] = effect
    return fields


def _object(arguments: Arguments, name: str) -> JsonObject:
    """Return an argument that must be a JSON object, an empty one if it is missing. Raises BotApiError."""
    given = arguments.parsed(name) or {}
    if not isinstance(given, dict):
        raise api_error(f"object expected as {name}")
    return given


METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
}
