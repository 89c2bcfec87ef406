"""The methods that send photos, sounds and documents, uploaded or again by their file_id."""

import asyncio
from dataclasses import replace

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.sending import prepare_message
from playground.media.files import FileStore, Media, Upload
from playground.media.uploads import store_bot_upload, store_thumbnail
from playground.protocol.errors import api_error
from playground.protocol.schema import JsonObject

_ATTACHED = "attach://"
_DAY_S = 86400


def _method_sending(kind: str) -> Handler:
    """Return the handler of the method that sends one kind of media and answers with the new message."""

    async def send(call: Call) -> JsonObject:
        media = await find_media(call.state.files, kind, call.arguments, kind)
        caption = texts.caption_fields(call.arguments)
        prepared = prepare_message(call)
        fields = call.state.files.message_field(media) | caption | spoiler_field(call.arguments, media)
        return prepared.send(fields)

    return send


async def find_media(
    files: FileStore, kind: str, arguments: Arguments, name: str, missing: str | None = None
) -> Media:
    """Return the media that an argument stands for: an upload, a part of the request, or a file_id.

    `missing` is the error message where there are none. Raises BotApiError; also for web addresses, since
    the playground fetches nothing from elsewhere.
    """
    upload = _find_upload(arguments, name)
    if upload is not None:
        return await _store(files, kind, arguments, upload)
    file_id = arguments.text(name)
    if not file_id or file_id.startswith(_ATTACHED):
        raise api_error(missing or f"there is no {kind} in the request")
    if file_id.lower().startswith(("http://", "https://")):
        raise api_error("WEBPAGE_CURL_FAILED")
    return files.media_to_send(file_id, kind)


async def _store(files: FileStore, kind: str, arguments: Arguments, upload: Upload) -> Media:
    metadata = {
        "duration": arguments.integer("duration", least=0, most=_DAY_S),
        "title": arguments.text("title"),
        "performer": arguments.text("performer"),
    }
    media = await asyncio.to_thread(store_bot_upload, files, kind, replace(upload, metadata=metadata))
    thumbnail = _find_upload(arguments, "thumbnail")
    if media.kind in ("photo", "voice"):
        return media
    return replace(media, thumbnail=await asyncio.to_thread(store_thumbnail, files, thumbnail))


def _find_upload(arguments: Arguments, name: str) -> Upload | None:
    """Return the upload in the part that an argument names by ``attach://``, or else in the part `name`."""
    value = arguments.text(name)
    part = value.removeprefix(_ATTACHED) if value.startswith(_ATTACHED) else name
    return arguments.uploads.get(part)


def spoiler_field(arguments: Arguments, media: Media) -> JsonObject:
    """Return the field of a message whose photo is covered until it is tapped."""
    return {"has_media_spoiler": True} if arguments.flag("has_spoiler") and media.kind == "photo" else {}


METHODS: dict[str, Handler] = {
    "sendPhoto": _method_sending("photo"),
    "sendAudio": _method_sending("audio"),
    "sendVoice": _method_sending("voice"),
    "sendDocument": _method_sending("document"),
}
