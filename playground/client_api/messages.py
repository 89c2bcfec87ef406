"""Messages that users send to the bot."""

import asyncio

from playground.client_api.errors import InvalidRequestError
from playground.client_api.form_data import FormData
from playground.entities import FormattedText, with_detected_entities
from playground.media.uploads import store_client_upload
from playground.protocol import limits
from playground.protocol.schema import JsonObject
from playground.state.chats import ENVELOPE_FIELDS, Chat, without_reply
from playground.state.server_state import ServerState

FILE_KINDS = (
    "photo",
    "live_photo",
    "document",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "sticker",
)
_NOT_FORWARDED = (*ENVELOPE_FIELDS, "reply_to_message", "reply_markup", "edit_date", "media_group_id")
_KINDS_WITHOUT_CAPTION = ("video_note", "sticker")


def user_of(state: ServerState, chat: Chat) -> JsonObject:
    """Return the user whose private chat this is. Raises InvalidRequestError for any other chat."""
    if chat.id not in state.users:
        raise InvalidRequestError("nobody acts in this chat by hand: inject an update")
    return state.users[chat.id]


async def send_as_user(state: ServerState, chat: Chat, form: FormData) -> JsonObject:
    """Put a user's message into their chat and return it.

    Raises InvalidRequestError, or InvalidUploadError for a file that a client would not have sent.
    """
    user = user_of(state, chat)
    if chat.blocked:
        raise InvalidRequestError("the person has blocked the bot")
    content = await _content(state, chat, form)
    reply = _reply_field(chat, form)
    group = {"media_group_id": form.fields["media_group_id"]} if form.fields.get("media_group_id") else {}
    message = state.envelope(chat, user) | reply | content | group
    chat.add_message(message)
    return message


async def _content(state: ServerState, chat: Chat, form: FormData) -> JsonObject:
    if (forwarded := form.identifier("forward_from_message_id")) is not None:
        return _forwarded_content(chat, forwarded)
    if form.kind == "text":
        return _text_fields(str(form.fields.get("text") or ""))
    if form.kind == "contact":
        return {"contact": _contact(state.users[chat.id], form.fields)}
    if form.kind == "location":
        return {"location": _location(form.fields)}
    if form.kind not in FILE_KINDS:
        raise InvalidRequestError("kind is none that can be sent")
    if form.upload is None:
        raise InvalidRequestError("a file part named file is needed")
    media = await asyncio.to_thread(store_client_upload, state.files, form.kind, form.upload)
    return state.files.message_field(media) | _caption_fields(form)


def _text_fields(text: str) -> JsonObject:
    formatted = with_detected_entities(FormattedText(text).trimmed())
    if not formatted.text:
        raise InvalidRequestError("text is empty")
    if len(formatted.text) > limits.TEXT_LENGTH:
        raise InvalidRequestError("text is too long")
    return formatted.as_fields()


def _caption_fields(form: FormData) -> JsonObject:
    text = str(form.fields.get("caption") or form.fields.get("text") or "")
    if not text.strip() or form.kind in _KINDS_WITHOUT_CAPTION:
        return {}
    formatted = with_detected_entities(FormattedText(text).trimmed())
    if len(formatted.text) > limits.CAPTION_LENGTH:
        raise InvalidRequestError("caption is too long")
    return formatted.as_fields("caption", "caption_entities")


def _contact(user: JsonObject, fields: JsonObject) -> JsonObject:
    """Return the contact that the fields name, or else the user's own with a number that nobody has."""
    own = {"phone_number": "+15550100", "first_name": user["first_name"]}
    named = {
        name: str(fields[name]) for name in ("phone_number", "first_name", "last_name") if name in fields
    }
    return own | ({} if named else {"user_id": user["id"]}) | named


def _location(fields: JsonObject) -> JsonObject:
    return {name: float(fields.get(name, 0.0)) for name in ("latitude", "longitude")}


def _forwarded_content(chat: Chat, message_id: int) -> JsonObject:
    source = chat.messages.get(message_id)
    if source is None:
        raise InvalidRequestError("no such message to forward")
    content = {name: value for name, value in source.items() if name not in _NOT_FORWARDED}
    origin = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    return {"forward_origin": origin} | content


def _reply_field(chat: Chat, form: FormData) -> JsonObject:
    message_id = form.identifier("reply_to_message_id")
    if message_id is None:
        return {}
    if message_id not in chat.messages:
        raise InvalidRequestError("no such message to reply to")
    return {"reply_to_message": without_reply(chat.messages[message_id])}
