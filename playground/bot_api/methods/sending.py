"""Sending texts, drafts and actions, and what every sent message has in common."""

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call
from playground.bot_api.methods.markup import Markup, read_markup
from playground.protocol import limits, schema
from playground.protocol.errors import not_played, refused
from playground.state.chats import Chat, JsonObject, without_reply


async def send_message(call: Call) -> JsonObject:
    """sendMessage."""
    text = texts.message_text(call.arguments)
    options = _object(call.arguments, "link_preview_options")
    preview = {"link_preview_options": options} if options else {}
    prepared = prepare(call)
    texts.within(limits.TEXT_LENGTH, text, "message is too long")
    return prepared.send(text.as_fields() | preview)


async def send_message_draft(call: Call) -> bool:
    """sendMessageDraft: what the bot is about to say, shown for half a minute."""
    chat = call.chat_to_write()
    if not chat.is_private:
        raise refused("TEXTDRAFT_PEER_INVALID")
    draft_id = call.arguments.integer("draft_id")
    if not draft_id:
        raise refused("draft_id must be non-zero")
    text = texts.draft_text(call.arguments).as_fields()
    state = call.state
    draft = {"from": state.bot, "chat": chat.info, "date": state.now(), "draft_id": draft_id}
    state.note(chat, "draft", draft | text)
    return True


async def send_chat_action(call: Call) -> bool:
    """sendChatAction."""
    action = call.arguments.text("action").lower()
    if action not in schema.CHAT_ACTIONS:
        raise refused("wrong parameter action in request")
    chat = call.chat_to_write()
    state = call.state
    shown = {"from": state.bot, "chat": chat.info, "date": state.now(), "action": action}
    state.note(chat, "action", shown)
    return True


class Prepared:
    """A message whose envelope was checked: it only lacks its content."""

    def __init__(self, call: Call, chat: Chat, markup: Markup, reply: JsonObject) -> None:
        self._call = call
        self._chat = chat
        self._markup = markup
        self._common = reply | _options(call.arguments, chat)

    @property
    def chat(self) -> Chat:
        """Where it goes."""
        return self._chat

    def send(self, content: JsonObject) -> JsonObject:
        """Puts it into the chat and returns the Message."""
        state = self._call.state
        self._call.count_sent(1)
        envelope = state.envelope(self._chat, state.bot)
        if self._markup.reply:
            self._chat.unchangeable.add(envelope["message_id"])
        return state.say(self._chat, envelope | self._common | content | self._markup.fields())


def prepare(call: Call) -> Prepared:
    """Checks chat, keyboard and reply of a message to send. Raises BotApiError."""
    markup = read_markup(call.arguments, call.problems)
    chat = call.chat_to_write()
    return Prepared(call, chat, markup, reply_field(call.arguments, chat))


def reply_field(arguments: Arguments, chat: Chat) -> JsonObject:
    """The message that a new one answers to, if any. Raises BotApiError."""
    given = _object(arguments, "reply_parameters")
    message_id = given.get("message_id") or arguments.integer("reply_to_message_id")
    if given.get("quote"):
        raise not_played("quotes in replies")
    if not message_id:
        return {}
    if message_id in chat.messages:
        return {"reply_to_message": without_reply(chat.messages[message_id])}
    if given.get("allow_sending_without_reply") or arguments.flag("allow_sending_without_reply"):
        return {}
    raise refused("message to be replied not found")


def _options(arguments: Arguments, chat: Chat) -> JsonObject:
    fields: JsonObject = {}
    if arguments.flag("protect_content"):
        fields["has_protected_content"] = True
    if effect := arguments.text("message_effect_id"):
        if not chat.is_private:
            raise refused("EFFECT_CHAT_INVALID")
        fields["effect_id"] = effect
    return fields


def _object(arguments: Arguments, name: str) -> JsonObject:
    try:
        given = arguments.parsed(name) or {}
    except ValueError as error:
        raise refused(f"can't parse {name} JSON object") from error
    if not isinstance(given, dict):
        raise refused(f"object expected as {name}")
    return given


METHODS = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
}
