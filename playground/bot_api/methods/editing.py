"""The methods that edit messages of the bot."""

from playground.bot_api.methods import texts
from playground.bot_api.methods.albums import media_content
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.reply_markup import read_reply_markup
from playground.protocol import limits
from playground.protocol.errors import api_error, not_implemented
from playground.protocol.schema import JsonObject
from playground.state.chats import ENVELOPE_FIELDS, Chat

_KINDS_WITH_CAPTION = ("photo", "audio", "voice", "document", "video", "animation")
_KINDS_TO_EDIT = ("photo", "audio", "document")
# What stays when the content of a message is replaced.
_KEPT_FIELDS = (
    *ENVELOPE_FIELDS,
    "reply_to_message",
    "media_group_id",
    "has_protected_content",
    "effect_id",
)


async def edit_message_text(call: Call) -> JsonObject:
    """Answer editMessageText with the edited message."""
    text = texts.message_text(call.arguments)
    chat, message = _message_to_edit(call)
    if "text" not in message:
        raise api_error("there is no text in the message to edit")
    # The server leaves this length to Telegram's core, hence another wording than sendMessage's.
    texts.check_length(text, limits.TEXT_LENGTH, "MESSAGE_TOO_LONG")
    options = {name: message[name] for name in ("link_preview_options",) if name in message}
    return _replace_content(call, chat, message, text.as_fields() | options)


async def edit_message_caption(call: Call) -> JsonObject:
    """Answer editMessageCaption with the edited message; its media stay."""
    caption = texts.caption_fields(call.arguments)
    chat, message = _message_to_edit(call)
    media = {name: message[name] for name in (*_KINDS_WITH_CAPTION, "has_media_spoiler") if name in message}
    if not media:
        raise api_error("there is no caption in the message to edit")
    return _replace_content(call, chat, message, media | caption)


async def edit_message_media(call: Call) -> JsonObject:
    """Answer editMessageMedia with the edited message; its caption is replaced as well."""
    item = _input_media(call)
    chat, message = _message_to_edit(call)
    if "media_group_id" in message and item["type"] not in message:
        raise api_error("message media can't be edited")
    return _replace_content(call, chat, message, await media_content(call, item))


async def edit_message_reply_markup(call: Call) -> JsonObject:
    """Answer editMessageReplyMarkup with the edited message; only its keyboard changes."""
    chat, message = _message_to_edit(call)
    others = (*_KEPT_FIELDS, "reply_markup", "edit_date")
    content = {name: value for name, value in message.items() if name not in others}
    return _replace_content(call, chat, message, content)


def _input_media(call: Call) -> JsonObject:
    """Return the InputMedia object of a call. Raises BotApiError."""
    item = call.arguments.parsed("media", "input media")
    if item is None:
        raise api_error('parameter "media" is required')
    if not isinstance(item, dict) or "type" not in item:
        raise api_error("can't parse InputMedia: expected an Object")
    if item["type"] not in _KINDS_TO_EDIT:
        raise not_implemented(f"{item['type']} in editMessageMedia")
    return item


def _message_to_edit(call: Call) -> tuple[Chat, JsonObject]:
    """Return the chat and the message that a call wants to edit. Raises BotApiError."""
    if call.arguments.text("inline_message_id"):
        raise not_implemented("messages sent by inline queries")
    chat = call.chat()
    message = chat.messages.get(call.message_id())
    if message is None:
        raise api_error("message to edit not found")
    is_foreign = message["from"]["id"] != call.state.bot["id"] or "forward_origin" in message
    if is_foreign or message["message_id"] in chat.not_editable:
        raise api_error("message can't be edited")
    return chat, message


def _replace_content(call: Call, chat: Chat, message: JsonObject, content: JsonObject) -> JsonObject:
    """Give a message new content and the call's keyboard, and return the edited message.

    Without a keyboard in the call the message loses its old one. Raises BotApiError, also if nothing changes.
    """
    markup = read_reply_markup(call.arguments, call.problems)
    kept = {name: message[name] for name in _KEPT_FIELDS if name in message}
    edited = kept | content | markup.fields()
    if edited == {name: value for name, value in message.items() if name != "edit_date"}:
        raise api_error("MESSAGE_NOT_MODIFIED")
    edited["edit_date"] = call.state.now()
    chat.edit_message(edited)
    return edited


METHODS: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
