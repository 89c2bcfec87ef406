"""What people do: write, send files, press buttons, block; and what is learnt from updates made by hand."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.entities import FormattedText, with_found_entities
from playground.media import uploads
from playground.media.files import Upload
from playground.protocol import limits
from playground.state.chats import ENVELOPE, Chat, JsonObject, without_reply
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
_NOT_FORWARDED = (*ENVELOPE, "reply_to_message", "reply_markup", "edit_date", "media_group_id")
_WITHOUT_CAPTION = ("video_note", "sticker")


class BadMessageError(Exception):
    """Something that a Telegram client would not let a person do; the message says what."""


@dataclass(frozen=True)
class Draft:
    """A message as a person is about to send it."""

    fields: JsonObject
    upload: Upload | None = None

    @property
    def kind(self) -> str:
        """What it is; a text if nothing else was said."""
        return str(self.fields.get("kind", "text"))

    def number(self, name: str) -> int | None:
        """An identifier among its fields. Raises BadMessageError."""
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        try:
            return int(str(value))
        except ValueError as error:
            raise BadMessageError(f"{name} must be a number") from error


async def read_draft(request: web.Request) -> Draft:
    """The draft in a request, JSON or multipart. Raises BadMessageError."""
    if request.content_type == "application/json":
        fields = json.loads(await request.text())
        if not isinstance(fields, dict):
            raise BadMessageError("a JSON object is needed")
        return Draft(fields)
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    part = form.get("file")
    if not isinstance(part, web.FileField):
        return Draft(fields)
    return Draft(fields, Upload(part.filename, part.content_type, part.file.read()))


def user_of(state: ServerState, chat: Chat) -> JsonObject:
    """Whose private chat it is. Raises BadMessageError for any other chat."""
    if chat.id not in state.users:
        raise BadMessageError("nobody acts in this chat by hand: inject an update")
    return state.users[chat.id]


async def send_as_user(state: ServerState, chat: Chat, draft: Draft) -> JsonObject:
    """Puts a person's message into the chat and returns it. Raises BadMessageError or UnfitUploadError."""
    person = user_of(state, chat)
    if chat.blocked:
        raise BadMessageError("the person has blocked the bot")
    content = await _content(state, chat, draft)
    reply = _reply(chat, draft)
    group = {"media_group_id": draft.fields["media_group_id"]} if draft.fields.get("media_group_id") else {}
    return state.say(chat, state.envelope(chat, person) | reply | content | group)


async def _content(state: ServerState, chat: Chat, draft: Draft) -> JsonObject:
    if (forwarded := draft.number("forward_from_message_id")) is not None:
        return _forward(chat, forwarded)
    if draft.kind == "text":
        return _text(str(draft.fields.get("text") or ""))
    if draft.kind == "contact":
        return {"contact": _contact(state.users[chat.id], draft.fields)}
    if draft.kind == "location":
        return {"location": _location(draft.fields)}
    if draft.kind not in FILE_KINDS:
        raise BadMessageError("kind is none that can be sent")
    if draft.upload is None:
        raise BadMessageError("a file part named file is needed")
    found = await asyncio.to_thread(uploads.from_person, state.files, draft.kind, draft.upload)
    return state.files.present(found) | _caption(draft)


def _text(text: str) -> JsonObject:
    formatted = with_found_entities(FormattedText(text).trimmed())
    if not formatted.text:
        raise BadMessageError("text is empty")
    if len(formatted.text) > limits.TEXT_LENGTH:
        raise BadMessageError("text is too long")
    return formatted.as_fields()


def _caption(draft: Draft) -> JsonObject:
    text = str(draft.fields.get("caption") or draft.fields.get("text") or "")
    if not text.strip() or draft.kind in _WITHOUT_CAPTION:
        return {}
    formatted = with_found_entities(FormattedText(text).trimmed())
    if len(formatted.text) > limits.CAPTION_LENGTH:
        raise BadMessageError("caption is too long")
    return formatted.as_fields("caption", "caption_entities")


def _contact(person: JsonObject, fields: JsonObject) -> JsonObject:
    """The named contact, or the person's own with a number that nobody has."""
    own = {"phone_number": "+15550100", "first_name": person["first_name"]}
    named = {
        name: str(fields[name]) for name in ("phone_number", "first_name", "last_name") if name in fields
    }
    return own | ({} if named else {"user_id": person["id"]}) | named


def _location(fields: JsonObject) -> JsonObject:
    return {name: float(fields.get(name, 0.0)) for name in ("latitude", "longitude")}


def _forward(chat: Chat, message_id: int) -> JsonObject:
    source = chat.messages.get(message_id)
    if source is None:
        raise BadMessageError("no such message to forward")
    content = {name: value for name, value in source.items() if name not in _NOT_FORWARDED}
    origin = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    return {"forward_origin": origin} | content


def _reply(chat: Chat, draft: Draft) -> JsonObject:
    message_id = draft.number("reply_to_message_id")
    if message_id is None:
        return {}
    if message_id not in chat.messages:
        raise BadMessageError("no such message to reply to")
    return {"reply_to_message": without_reply(chat.messages[message_id])}


def pressed(message: JsonObject, wanted: JsonObject) -> JsonObject:
    """The ``data`` of the inline button that `wanted` names by data or text. Raises BadMessageError."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    keys = (("data", "callback_data"), ("text", "text"))
    for button in (button for row in rows for button in row):
        if any(name in wanted and button.get(key) == wanted[name] for name, key in keys):
            if "callback_data" not in button or button.get("disabled"):
                raise BadMessageError("this button sends nothing to the bot")
            return {"data": button["callback_data"]}
    raise BadMessageError("no such button under this message")


def block_change(state: ServerState, chat: Chat, blocked: bool) -> JsonObject:
    """The update that tells the bot of being blocked or let in again."""
    states: tuple[JsonObject, JsonObject] = (
        {"status": "member", "user": state.bot},
        {"status": "kicked", "user": state.bot, "until_date": 0},
    )
    old, new = states if blocked else states[::-1]
    who = {"chat": chat.info, "from": user_of(state, chat), "date": state.now()}
    return who | {"old_chat_member": old, "new_chat_member": new}


def learn_from(state: ServerState, update: JsonObject) -> None:
    """Makes the bot acquainted with whom an injected update names, so that it can answer."""
    for kind, payload in update.items():
        if not isinstance(payload, dict):
            continue
        _meet(state, payload)
        if kind in ("message", "channel_post"):
            state.say(state.chats[payload["chat"]["id"]], payload)
        if kind == "callback_query":
            state.open_callback_query(payload["id"])
            _meet(state, payload.get("message") or {})


def _meet(state: ServerState, payload: dict[str, Any]) -> None:
    person, chat = payload.get("from") or payload.get("user"), payload.get("chat")
    if person and not person["is_bot"]:
        state.users.setdefault(person["id"], person)
    if chat:
        state.chats.setdefault(chat["id"], Chat(chat))
