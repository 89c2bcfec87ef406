"""The method that sends several photos, sounds or documents as one album."""

import secrets

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.sending import prepare_message
from playground.bot_api.methods.sending_media import find_media, spoiler_field
from playground.protocol import limits
from playground.protocol.errors import BotApiError, api_error, limit_exceeded, not_implemented
from playground.protocol.schema import JsonObject

_KINDS = ("audio", "document", "photo")
_KINDS_ON_TELEGRAM = (*_KINDS, "video", "live_photo")


async def send_media_group(call: Call) -> list[JsonObject]:
    """Answer sendMediaGroup with its messages; a reply_markup is ignored, as by the real server."""
    items = _items(call)
    # Not even a broken keyboard is an error here, so the other arguments are read without it.
    others = {name: value for name, value in call.arguments.values.items() if name != "reply_markup"}
    prepared = prepare_message(Call(call.state, call.method, Arguments(others), call.problems))
    contents = [await _album_content(call, number, item) for number, item in enumerate(items, 1)]
    group = {"media_group_id": str(secrets.randbits(60))} if len(contents) > 1 else {}
    # Nothing is awaited from here on, so that no other message comes between those of the album.
    return [prepared.send(content | group) for content in contents]


def _items(call: Call) -> list[JsonObject]:
    """Return the InputMedia objects of an album. Raises BotApiError."""
    if "media" not in call.arguments.values:
        raise api_error('parameter "media" is required')
    items = call.arguments.parsed("media")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise api_error("expected an Array of InputMedia")
    _check_number(len(items), call.problems)
    kinds = [_kind(item) for item in items]
    for kind in ("audio", "document"):
        if kind in kinds and len(set(kinds)) > 1:
            raise api_error(f"{kind} can't be mixed with other media types")
    return items


def _check_number(number: int, problems: list[str]) -> None:
    if number == 0:
        raise api_error("there are no messages to send")
    if number > limits.ALBUM_MAX:
        raise limit_exceeded("too many messages to send as an album")
    if number < limits.ALBUM_MIN:
        problems.append("an album of one: Telegram documents two to ten")


def _kind(item: JsonObject) -> str:
    kind = item.get("type")
    if kind == "animation":
        raise api_error('type "animation" can\'t be used in sendMediaGroup')
    if kind not in _KINDS_ON_TELEGRAM:
        raise api_error(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if kind not in _KINDS:
        raise not_implemented(f"{kind} in albums")
    return str(kind)


async def _album_content(call: Call, number: int, item: JsonObject) -> JsonObject:
    """Return the fields of the message at this place in the album, counted from 1.

    Raises BotApiError, which tells the number.
    """
    try:
        return await media_content(call, item)
    except BotApiError as error:
        if error.code != 400:
            raise
        reason = error.description.removeprefix("Bad Request: ")
        message = f'failed to send message #{number} with the error message "{reason}"'
        raise BotApiError(400, f"Bad Request: {message}", is_problem=error.is_problem) from error


async def media_content(call: Call, item: JsonObject) -> JsonObject:
    """Return the fields of a message that hold what an InputMedia object asks for. Raises BotApiError."""
    arguments = Arguments(item, call.arguments.uploads)
    kind = item["type"]
    media = await find_media(call.state.files, kind, arguments, "media", f"{kind} not found")
    caption = texts.caption_fields(arguments)
    return call.state.files.message_field(media) | caption | spoiler_field(arguments, media)


METHODS: dict[str, Handler] = {"sendMediaGroup": send_media_group}
