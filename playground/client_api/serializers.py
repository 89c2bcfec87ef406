"""Messages as people see them: with addresses of their files, or as plain text."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from playground.client_api.messages import FILE_KINDS
from playground.state.chats import Chat, JsonObject
from playground.state.server_state import ServerState


def message_with_files(state: ServerState, message: JsonObject, host: str) -> JsonObject:
    """The message plus ``files``: for each of its file_ids an address on this machine."""
    addresses = {}
    own = {name: value for name, value in message.items() if name != "reply_to_message"}
    for described in _file_objects(own):
        stored = state.files.by_unique_id(described["file_unique_id"])
        if stored is not None:
            name = quote(described.get("file_name") or stored.wire_path.rsplit("/", 1)[-1], safe="")
            addresses[described["file_id"]] = f"http://{host}/api/files/{stored.unique_id}/{name}"
    return {**message, "files": addresses}


def _file_objects(value: Any) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        if "file_id" in value and "file_unique_id" in value:
            yield value
        for each in value.values():
            yield from _file_objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _file_objects(each)


def transcript(chat: Chat, bot_id: int) -> str:
    """The chat as it stands, one block a message."""
    return "".join(_block(message, chat, bot_id) for message in chat.messages.values())


def _block(message: JsonObject, chat: Chat, bot_id: int) -> str:
    sender = message.get("from", {})
    name = sender.get("first_name", chat.info.get("title", "?"))
    who = f"{name} (bot)" if sender.get("id") == bot_id else name
    lines = [_attachment(message), message.get("text") or message.get("caption") or ""]
    said = "\n".join(line for line in lines if line)
    edited = " (edited)" if "edit_date" in message else ""
    reactions = chat.reactions.get(message["message_id"], {}).values()
    emoji = "".join(r.get("emoji", "") for each in reactions for r in each)
    reacted = f"\n  {emoji}" if emoji else ""
    return f"{who}{edited}: {said}{_buttons(message)}{reacted}\n\n"


def _attachment(message: JsonObject) -> str:
    if "audio" in message:
        audio = message["audio"]
        named = " - ".join(audio[name] for name in ("performer", "title") if name in audio)
        return f"[audio {named or audio.get('file_name', '')}]"
    if "document" in message:
        return f"[document {message['document'].get('file_name', '')}]"
    kinds = (kind for kind in (*FILE_KINDS, "contact", "location") if kind in message)
    return "".join(f"[{kind}]" for kind in kinds)


def _buttons(message: JsonObject) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return "".join("\n  " + " ".join(f"[{button['text']}]" for button in row) for row in rows)
