"""sendMediaGroup: several photos, sounds or documents as one album."""

import secrets
from typing import Any

from playground.bot_api.arguments import Arguments
from playground.bot_api.methods import texts
from playground.bot_api.methods.call import Call, Handler
from playground.bot_api.methods.sending import Prepared, prepare
from playground.bot_api.methods.sending_media import find_media, spoiler
from playground.media.files import Media
from playground.protocol import limits
from playground.protocol.errors import BotApiError, not_played, over_limit, refused
from playground.state.chats import JsonObject

_KINDS = ("audio", "document", "photo")
_OF_TELEGRAM = (*_KINDS, "video", "live_photo")


async def send_media_group(call: Call) -> list[JsonObject]:
    """sendMediaGroup. A reply_markup is ignored, as the real server ignores it."""
    items = _items(call)
    # Keyboards are not read at all here, so the arguments go on without one.
    rest = {name: value for name, value in call.arguments.values.items() if name != "reply_markup"}
    prepared = prepare(Call(call.state, call.method, Arguments(rest), call.problems))
    contents = [await _content(call, number, item) for number, item in enumerate(items, 1)]
    group = {"media_group_id": str(secrets.randbits(60))} if len(contents) > 1 else {}
    return _send_all(prepared, [content | group for content in contents])


def _send_all(prepared: Prepared, contents: list[JsonObject]) -> list[JsonObject]:
    return [prepared.send(content) for content in contents]


def _items(call: Call) -> list[JsonObject]:
    if "media" not in call.arguments.values:
        raise refused('parameter "media" is required')
    try:
        items = call.arguments.parsed("media")
    except ValueError as error:
        raise refused("can't parse media JSON object") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refused("expected an Array of InputMedia")
    _check_number(len(items), call.problems)
    kinds = [_kind(item) for item in items]
    for one_kind in ("audio", "document"):
        if one_kind in kinds and len(set(kinds)) > 1:
            raise refused(f"{one_kind} can't be mixed with other media types")
    return items


def _check_number(number: int, problems: list[str]) -> None:
    if number == 0:
        raise refused("there are no messages to send")
    if number > limits.ALBUM_MOST:
        raise over_limit("too many messages to send as an album")
    if number < limits.ALBUM_LEAST:
        problems.append("an album of one: Telegram documents two to ten")


def _kind(item: JsonObject) -> str:
    kind = item.get("type")
    if kind == "animation":
        raise refused('type "animation" can\'t be used in sendMediaGroup')
    if kind not in _OF_TELEGRAM:
        raise refused(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if kind not in _KINDS:
        raise not_played(f"{kind} in albums")
    return str(kind)


async def _content(call: Call, number: int, item: JsonObject) -> JsonObject:
    try:
        return await media_content(call, item)
    except BotApiError as error:
        if error.code != 400:
            raise
        reason = error.description.removeprefix("Bad Request: ")
        message = f'failed to send message #{number} with the error message "{reason}"'
        raise BotApiError(400, f"Bad Request: {message}", is_problem=error.is_problem) from error


async def media_content(call: Call, item: JsonObject) -> JsonObject:
    """The content of a message from an InputMedia object. Raises BotApiError."""
    arguments = Arguments(item)
    kind = item["type"]
    sent: Media = await find_media(
        call.state, kind, arguments, call.arguments.uploads, "media", f"{kind} not found"
    )
    caption: dict[str, Any] = texts.caption(arguments)
    return call.state.files.present(sent) | caption | spoiler(arguments, sent)


METHODS: dict[str, Handler] = {"sendMediaGroup": send_media_group}
