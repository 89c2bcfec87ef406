"""The files that were sent: bytes on disk, each with many file_ids and one file_unique_id."""

import base64
import binascii
import itertools
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from playground.protocol.errors import BotApiError, api_error
from playground.protocol.schema import JsonObject

# Folder and default ending of the path that getFile answers, by the field of Message that holds the file.
_FOLDERS_AND_ENDINGS = {
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
# What Telegram's core calls the kinds in its error messages.
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
_FILE_ID_PREFIX = b"PG\x01"  # what the playground's file_ids begin with, once decoded


@dataclass(frozen=True)
class Upload:
    """Hold a file of a request; `metadata` is what its sender says of it (duration, title, performer)."""

    filename: str
    content_type: str
    data: bytes
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class StoredFile:
    """Describe one file on disk.

    `file_path` is the path that getFile answers. `attributes` are the fields of the file's Bot API object
    besides its identifiers and size. `size` is in bytes.
    """

    unique_id: str
    file_path: str
    disk_path: Path
    size: int
    content_type: str
    attributes: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    """Hold the media of a message: one file, or for a photo its sizes, smallest first.

    `still_sizes` are the sizes of the still picture of a live photo, `thumbnail` is the small picture that
    goes with another file.
    """

    kind: str
    files: tuple[StoredFile, ...]
    still_sizes: tuple[StoredFile, ...] = ()
    thumbnail: StoredFile | None = None


class FileStore:
    """Keep files below one folder and find them by their identifiers.

    On disk they have other names than getFile answers: python-telegram-bot takes a ``file_path`` that exists
    below its working directory for a local file and would not download it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._by_unique_id: dict[str, StoredFile] = {}
        self._by_file_path: dict[str, StoredFile] = {}
        self._by_file_id: dict[str, tuple[Media, StoredFile]] = {}

    def save(self, kind: str, upload: Upload, attributes: JsonObject) -> StoredFile:
        """Write an upload to disk (blocking).

        `kind` is the field of ``Message`` that will hold the file, or ``thumbnail``.
        """
        unique_id = "AQAD" + secrets.token_urlsafe(8)
        folder, ending = _FOLDERS_AND_ENDINGS[kind]
        ending = Path(upload.filename).suffix if kind in ("document", "audio", "video") else ending
        file_path = f"{folder}/file_{next(self._numbers)}{ending or _FOLDERS_AND_ENDINGS[kind][1]}"
        disk_path = self._folder / f"{unique_id}.bin"
        disk_path.write_bytes(upload.data)
        stored = StoredFile(
            unique_id, file_path, disk_path, len(upload.data), upload.content_type, attributes
        )
        self._by_unique_id[unique_id] = stored
        self._by_file_path[file_path] = stored
        return stored

    def message_field(self, media: Media) -> JsonObject:
        """Return the field of ``Message`` that holds these media.

        Its file_ids are new each time: one file has many of them.
        """
        if media.kind == "photo":
            return {"photo": [self._file_object(media, size) for size in media.files]}
        described = self._file_object(media, media.files[0])
        if media.still_sizes:
            still = Media("photo", media.still_sizes)
            described["photo"] = [self._file_object(still, size) for size in media.still_sizes]
        if media.thumbnail:
            described["thumbnail"] = self._file_object(Media("photo", (media.thumbnail,)), media.thumbnail)
        return {media.kind: described}

    def _file_object(self, media: Media, stored: StoredFile) -> JsonObject:
        """Return a file's Bot API object with a new file_id, which from now on stands for all the media."""
        token = _FILE_ID_PREFIX + stored.unique_id.encode() + secrets.token_bytes(16)
        file_id = base64.urlsafe_b64encode(token).decode().rstrip("=")
        self._by_file_id[file_id] = (media, stored)
        known = {"file_id": file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
        return known | stored.attributes

    def file_to_download(self, file_id: str) -> StoredFile:
        """Return the file that getFile asks for.

        Raises BotApiError, which as on the real server hides what exactly is wrong with a file_id.
        """
        if not file_id:
            raise api_error("file_id not specified")
        if file_id not in self._by_file_id:
            raise api_error("invalid file_id")
        return self._by_file_id[file_id][1]

    def media_to_send(self, file_id: str, kind: str) -> Media:
        """Return the media to send again as this kind; they stay what they were, a voice note stays one.

        Raises BotApiError for an unknown file_id, and where a photo would become another file or the reverse.
        """
        if file_id not in self._by_file_id:
            raise _wrong_file_id(file_id)
        media, _ = self._by_file_id[file_id]
        if (media.kind == "photo") != (kind == "photo"):
            raise api_error(f"can't use file of type {_TYPE_NAMES[media.kind]} as {_TYPE_NAMES[kind]}")
        return media

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        """Return the file with this file_unique_id, None if there is none."""
        return self._by_unique_id.get(unique_id)

    def by_file_path(self, file_path: str) -> StoredFile | None:
        """Return the file that getFile answers with this path, None if there is none."""
        return self._by_file_path.get(file_path)

    def clear(self) -> None:
        """Delete all files (blocking)."""
        for stored in self._by_unique_id.values():
            stored.disk_path.unlink(missing_ok=True)
        self._by_unique_id.clear()
        self._by_file_path.clear()
        self._by_file_id.clear()


def _wrong_file_id(file_id: str) -> BotApiError:
    return api_error(f"wrong remote file identifier specified: {_decoding_error(file_id)}")


def _decoding_error(file_id: str) -> str:
    """Return why the server cannot decode a file_id, in its own words."""
    symbols = file_id.rstrip("=")
    if not all(c.isascii() and (c.isalnum() or c in "-_") for c in symbols):
        return "Wrong character in the string"
    try:
        decoded = base64.b64decode(symbols + "=" * (-len(symbols) % 4), altchars=b"-_")
    except binascii.Error:
        return "Wrong padding in the string"
    symbol = "" if decoded.startswith(_FILE_ID_PREFIX) else ". Wrong last symbol"
    return f"can't unserialize it{symbol}"
