"""Editing messages that the bot sent."""

from playground.bot_api.methods import texts
from playground.bot_api.methods.albums import media_content
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.markup import read_markup
from playground.protocol import limits
from playground.protocol.errors import not_played, refused
from playground.state.chats import ENVELOPE, Chat, JsonObject

_CAPTIONED = ("photo", "audio", "voice", "document", "video", "animation")
_EDITED_MEDIA = ("photo", "audio", "document")
# What stays when the content of a message is replaced.
_KEPT = (*ENVELOPE, "reply_to_message", "media_group_id", "has_protected_content", "effect_id")


async def edit_message_text(call: Call) -> JsonObject:
    """editMessageText."""
    text = texts.message_text(call.arguments)
    chat, message = _editable(call)
    if "text" not in message:
        raise refused("there is no text in the message to edit")
    # The server leaves this length to Telegram's core, hence another wording than sendMessage's.
    texts.within(limits.TEXT_LENGTH, text, "MESSAGE_TOO_LONG")
    options = {name: message[name] for name in ("link_preview_options",) if name in message}
    return _replace(call, chat, message, text.as_fields() | options)


async def edit_message_caption(call: Call) -> JsonObject:
    """editMessageCaption."""
    caption = texts.caption(call.arguments)
    chat, message = _editable(call)
    held = {kind: message[kind] for kind in (*_CAPTIONED, "has_media_spoiler") if kind in message}
    if not held:
        raise refused("there is no caption in the message to edit")
    return _replace(call, chat, message, held | caption)


async def edit_message_media(call: Call) -> JsonObject:
    """editMessageMedia."""
    item = _item(call)
    chat, message = _editable(call)
    if "media_group_id" in message and item["type"] not in message:
        raise refused("message media can't be edited")
    return _replace(call, chat, message, await media_content(call, item))


async def edit_message_reply_markup(call: Call) -> JsonObject:
    """editMessageReplyMarkup."""
    chat, message = _editable(call)
    content = {n: v for n, v in message.items() if n not in (*_KEPT, "reply_markup", "edit_date")}
    return _replace(call, chat, message, content)


def _item(call: Call) -> JsonObject:
    try:
        item = call.arguments.parsed("media")
    except ValueError as error:
        raise refused("can't parse input media JSON object") from error
    if item is None:
        raise refused('parameter "media" is required')
    if not isinstance(item, dict) or "type" not in item:
        raise refused("can't parse InputMedia: expected an Object")
    if item["type"] not in _EDITED_MEDIA:
        raise not_played(f"{item['type']} in editMessageMedia")
    return item


def _editable(call: Call) -> tuple[Chat, JsonObject]:
    """The message to edit and its chat. Raises BotApiError."""
    if call.arguments.text("inline_message_id"):
        raise not_played("messages sent by inline queries")
    chat = call.chat()
    message = chat.messages.get(call.message_id())
    if message is None:
        raise refused("message to edit not found")
    is_foreign = message["from"]["id"] != call.state.bot["id"] or "forward_origin" in message
    if is_foreign or message["message_id"] in chat.unchangeable:
        raise refused("message can't be edited")
    return chat, message


def _replace(call: Call, chat: Chat, message: JsonObject, content: JsonObject) -> JsonObject:
    """Puts new content and keyboard into a message; without a keyboard in the call the old one goes."""
    markup = read_markup(call.arguments, call.problems)
    kept = {name: message[name] for name in _KEPT if name in message}
    changed = kept | content | markup.fields()
    if _same(changed, message):
        raise refused("MESSAGE_NOT_MODIFIED")
    return call.state.change(chat, changed | {"edit_date": call.state.now()})


def _same(changed: JsonObject, message: JsonObject) -> bool:
    return _comparable(changed) == _comparable(message)


def _comparable(message: JsonObject) -> JsonObject:
    return {name: value for name, value in message.items() if name != "edit_date"}


METHODS: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
