"""The files that people and the bot sent: bytes on disk, many file_ids and one file_unique_id each."""

import base64
import binascii
import itertools
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.protocol.errors import BotApiError, refused

# Folder and default ending of the path that getFile answers, by the field of Message that holds the file.
_FOLDERS = {
    "photo": ("photos", ".jpg"),
    "voice": ("voice", ".oga"),
    "audio": ("music", ".mp3"),
    "document": ("documents", ""),
    "video": ("videos", ".mp4"),
    "live_photo": ("videos", ".mp4"),
    "video_note": ("video_notes", ".mp4"),
    "animation": ("animations", ".mp4"),
    "sticker": ("stickers", ".webp"),
    "thumbnail": ("thumbnails", ".jpg"),
}
# What the core calls the kinds in its complaints.
_TYPE_NAMES = {
    "photo": "Photo",
    "voice": "VoiceNote",
    "audio": "Audio",
    "document": "Document",
    "video": "Video",
    "live_photo": "Video",
    "video_note": "VideoNote",
    "animation": "Animation",
    "sticker": "Sticker",
}
_MAGIC = b"PG\x01"  # what our file identifiers begin with, once decoded


@dataclass(frozen=True)
class Upload:
    """A file as it came in a request; `given` is what the sender says of it (duration, title, performer)."""

    filename: str
    content_type: str
    data: bytes
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredFile:
    """One file on disk. `attributes` are the fields of its Bot API object besides identifiers and size."""

    unique_id: str
    wire_path: str
    path: Path
    size: int
    content_type: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    """What a message holds: one file, or for a photo its sizes, smallest first.

    `still` are the sizes of the still picture of a live photo, `thumbnail` the small picture of a sound.
    """

    kind: str
    files: tuple[StoredFile, ...]
    still: tuple[StoredFile, ...] = ()
    thumbnail: StoredFile | None = None


class FileStore:
    """Files below one folder, under other names than getFile answers: python-telegram-bot takes
    a ``file_path`` that exists below its working directory for a local file and would not download it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._by_unique_id: dict[str, StoredFile] = {}
        self._by_wire_path: dict[str, StoredFile] = {}
        self._by_file_id: dict[str, tuple[Media, StoredFile]] = {}

    def save(self, kind: str, upload: Upload, attributes: dict[str, Any]) -> StoredFile:
        """Writes the bytes to disk (blocking)."""
        unique_id = "AQAD" + secrets.token_urlsafe(8)
        folder, ending = _FOLDERS[kind]
        ending = Path(upload.filename).suffix if kind in ("document", "audio", "video") else ending
        wire_path = f"{folder}/file_{next(self._numbers)}{ending or _FOLDERS[kind][1]}"
        path = self._folder / f"{unique_id}.bin"
        path.write_bytes(upload.data)
        stored = StoredFile(unique_id, wire_path, path, len(upload.data), upload.content_type, attributes)
        self._by_unique_id[unique_id] = stored
        self._by_wire_path[wire_path] = stored
        return stored

    def present(self, media: Media) -> dict[str, Any]:
        """The field of Message for this media, with fresh file_ids: one file has many of them."""
        if media.kind == "photo":
            return {"photo": [self._describe(media, size) for size in media.files]}
        described = self._describe(media, media.files[0])
        if media.still:
            still = Media("photo", media.still)
            described["photo"] = [self._describe(still, size) for size in media.still]
        if media.thumbnail:
            described["thumbnail"] = self._describe(Media("photo", (media.thumbnail,)), media.thumbnail)
        return {media.kind: described}

    def _describe(self, media: Media, stored: StoredFile) -> dict[str, Any]:
        token = _MAGIC + stored.unique_id.encode() + secrets.token_bytes(16)
        file_id = base64.urlsafe_b64encode(token).decode().rstrip("=")
        self._by_file_id[file_id] = (media, stored)
        known = {"file_id": file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
        return known | stored.attributes

    def file_to_download(self, file_id: str) -> StoredFile:
        """For getFile, which hides what exactly is wrong with an identifier."""
        if not file_id:
            raise refused("file_id not specified")
        if file_id not in self._by_file_id:
            raise refused("invalid file_id")
        return self._by_file_id[file_id][1]

    def media_to_send(self, file_id: str, kind: str) -> Media:
        """For sending a file again: as what it was, since photos and files cannot become each other."""
        if file_id not in self._by_file_id:
            raise _wrong_identifier(file_id)
        media, _ = self._by_file_id[file_id]
        if (media.kind == "photo") != (kind == "photo"):
            raise refused(f"can't use file of type {_TYPE_NAMES[media.kind]} as {_TYPE_NAMES[kind]}")
        return media

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        return self._by_unique_id.get(unique_id)

    def by_wire_path(self, wire_path: str) -> StoredFile | None:
        return self._by_wire_path.get(wire_path)

    def clear(self) -> None:
        """Deletes all files (blocking)."""
        for stored in self._by_unique_id.values():
            stored.path.unlink(missing_ok=True)
        self._by_unique_id.clear()
        self._by_wire_path.clear()
        self._by_file_id.clear()


def _wrong_identifier(file_id: str) -> BotApiError:
    return refused(f"wrong remote file identifier specified: {_identifier_fault(file_id)}")


def _identifier_fault(file_id: str) -> str:
    if not all(c.isascii() and (c.isalnum() or c in "-_") for c in file_id.rstrip("=")):
        return "Wrong character in the string"
    try:
        decoded = base64.b64decode(
            file_id.rstrip("=") + "=" * (-len(file_id.rstrip("=")) % 4), altchars=b"-_"
        )
    except binascii.Error:
        return "Wrong padding in the string"
    return "can't unserialize it" if decoded.startswith(_MAGIC) else "can't unserialize it. Wrong last symbol"
