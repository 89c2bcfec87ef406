"""Sending photos, sounds and documents: uploaded, or again by their file_id."""

import asyncio
from dataclasses import replace
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.sending import prepare
from playground.media.files import Media, Upload
from playground.media.uploads import from_bot, thumbnail
from playground.protocol.errors import refused
from playground.state.chats import JsonObject
from playground.state.server_state import ServerState

_ATTACHED = "attach://"


def _sender(kind: str) -> Handler:
    async def send(call: Call) -> JsonObject:
        arguments = call.arguments
        sent = await find_media(call.state, kind, arguments, arguments.uploads, kind)
        caption = texts.caption(arguments)
        prepared = prepare(call)
        return prepared.send(call.state.files.present(sent) | caption | spoiler(arguments, sent))

    return send


async def find_media(
    state: ServerState, kind: str, arguments: Arguments, uploads: Any, name: str, missing: str | None = None
) -> Media:
    """The media that argument `name` stands for: an upload, a part of the request, or a file_id.

    Raises BotApiError; also for web addresses, since nothing here fetches from elsewhere.
    """
    upload = _upload(arguments.text(name), name, uploads)
    if upload is not None:
        return await _received(state, kind, arguments, upload, uploads)
    file_id = arguments.text(name)
    if not file_id or file_id.startswith(_ATTACHED):
        raise refused(missing or f"there is no {kind} in the request")
    if file_id.lower().startswith(("http://", "https://")):
        raise refused("WEBPAGE_CURL_FAILED")
    return state.files.media_to_send(file_id, kind)


async def _received(
    state: ServerState, kind: str, arguments: Arguments, upload: Upload, uploads: Any
) -> Media:
    given = {
        "duration": arguments.integer("duration", least=0, most=86400),
        "title": arguments.text("title"),
        "performer": arguments.text("performer"),
    }
    found = await asyncio.to_thread(from_bot, state.files, kind, replace(upload, given=given))
    small = _upload(arguments.text("thumbnail"), "thumbnail", uploads)
    if found.kind in ("photo", "voice"):
        return found
    return replace(found, thumbnail=await asyncio.to_thread(thumbnail, state.files, small))


def _upload(value: str, name: str, uploads: Any) -> Upload | None:
    part = value.removeprefix(_ATTACHED) if value.startswith(_ATTACHED) else name
    found: Upload | None = uploads.get(part)
    return found


def spoiler(arguments: Arguments, sent: Media) -> JsonObject:
    """The field of a message whose picture is veiled until tapped."""
    return {"has_media_spoiler": True} if arguments.flag("has_spoiler") and sent.kind == "photo" else {}


METHODS: dict[str, Handler] = {
    "sendPhoto": _sender("photo"),
    "sendAudio": _sender("audio"),
    "sendVoice": _sender("voice"),
    "sendDocument": _sender("document"),
}
