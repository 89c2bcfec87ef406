"""Messages and chats as clients get them: JSON with addresses of files, or plain text."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from playground.client_api.messages import FILE_KINDS
from playground.media.files import FileStore
from playground.protocol.schema import JsonObject
from playground.state.chats import Chat


def message_with_files(files: FileStore, message: JsonObject, host: str) -> JsonObject:
    """Return the message plus ``files``: for each of its file_ids an address on this machine.

    `host` is the playground's own, with its port.
    """
    addresses = {}
    own = {name: value for name, value in message.items() if name != "reply_to_message"}
    for file in _file_objects(own):
        stored = files.by_unique_id(file["file_unique_id"])
        if stored is not None:
            name = quote(file.get("file_name") or stored.file_path.rsplit("/", 1)[-1], safe="")
            addresses[file["file_id"]] = f"http://{host}/api/files/{stored.unique_id}/{name}"
    return {**message, "files": addresses}


def _file_objects(value: Any) -> Iterator[JsonObject]:
    """Yield all objects within a value that have identifiers of a file."""
    if isinstance(value, dict):
        if "file_id" in value and "file_unique_id" in value:
            yield value
        for item in value.values():
            yield from _file_objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _file_objects(item)


def transcript(chat: Chat, bot_id: int) -> str:
    """Return the chat as it stands as plain text, one paragraph a message."""
    return "".join(_paragraph(message, chat, bot_id) for message in chat.messages.values())


def _paragraph(message: JsonObject, chat: Chat, bot_id: int) -> str:
    sender = message.get("from", {})
    name = sender.get("first_name", chat.info.get("title", "?"))
    author = f"{name} (bot)" if sender.get("id") == bot_id else name
    edited = " (edited)" if "edit_date" in message else ""
    lines = [_attachment(message), message.get("text") or message.get("caption") or ""]
    content = "\n".join(line for line in lines if line)
    reactions = chat.reactions.get(message["message_id"], {}).values()
    emoji = "".join(reaction.get("emoji", "") for given in reactions for reaction in given)
    emoji_line = f"\n  {emoji}" if emoji else ""
    return f"{author}{edited}: {content}{_button_lines(message)}{emoji_line}\n\n"


def _attachment(message: JsonObject) -> str:
    if "audio" in message:
        audio = message["audio"]
        name = " - ".join(audio[tag] for tag in ("performer", "title") if tag in audio)
        return f"[audio {name or audio.get('file_name', '')}]"
    if "document" in message:
        return f"[document {message['document'].get('file_name', '')}]"
    kinds = (kind for kind in (*FILE_KINDS, "contact", "location") if kind in message)
    return "".join(f"[{kind}]" for kind in kinds)


def _button_lines(message: JsonObject) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return "".join("\n  " + " ".join(f"[{button['text']}]" for button in row) for row in rows)
