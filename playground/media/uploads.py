"""Uploads made into what Telegram keeps and describes. Blocking functions: call them in a thread."""

import mimetypes
from collections.abc import Callable
from typing import Any

from playground.media import audiovisual, images
from playground.media.files import FileStore, Media, StoredFile, Upload
from playground.protocol import limits
from playground.protocol.errors import refused

_JPEG = "image/jpeg"
_STICKER_SIDES = (512, 512)
_MUSIC = ("mp3", "m4a")


class UnfitUploadError(Exception):
    """An upload that a Telegram client would not have sent; the message says why."""


def from_person(store: FileStore, kind: str, upload: Upload) -> Media:
    """What a person's client makes of a file. Broken sounds pass, as in Telegram. Raises UnfitUploadError."""
    try:
        return _MAKERS[kind](store, upload)
    except images.BrokenPictureError as error:
        raise UnfitUploadError("the photo cannot be decoded") from error
    except audiovisual.NotOpusError as error:
        raise UnfitUploadError("the WebM holds no Opus sound") from error


def from_bot(store: FileStore, kind: str, upload: Upload) -> Media:
    """What the server makes of a bot's upload. Raises BotApiError."""
    if not upload.data:
        raise refused("file must be non-empty")
    if kind == "photo":
        images.check_photo_of_bot(upload)
    try:
        return _MAKERS[kind_of_sound(kind, upload.data)](store, upload)
    except images.BrokenPictureError as error:
        raise refused("IMAGE_PROCESS_FAILED") from error


def kind_of_sound(kind: str, data: bytes) -> str:
    """What a bot's voice or audio arrives as: only some formats and sizes stay what they are called."""
    found = audiovisual.container(data)
    if kind == "voice" and found == "ogg":
        return "voice" if audiovisual.is_opus(data) and len(data) <= limits.VOICE_BYTES else "document"
    if kind in ("voice", "audio"):
        return kind if found in _MUSIC else "document"
    return kind


def thumbnail(store: FileStore, upload: Upload | None) -> StoredFile | None:
    """The small picture of a sound, None where Telegram would ignore it."""
    if upload is None or len(upload.data) > limits.THUMBNAIL_BYTES:
        return None
    sides = images.dimensions(upload.data)
    if sides is None or max(sides) > limits.THUMBNAIL_SIDE:
        return None
    return store.save("thumbnail", upload, {"width": sides[0], "height": sides[1]})


def _photo(store: FileStore, upload: Upload) -> Media:
    return Media("photo", _save_sizes(store, images.photo_sizes(upload.data)))


def _save_sizes(store: FileStore, sizes: list[images.Size]) -> tuple[StoredFile, ...]:
    return tuple(
        store.save(
            "photo", Upload("photo.jpg", _JPEG, size.data), {"width": size.width, "height": size.height}
        )
        for size in sizes
    )


def _voice(store: FileStore, upload: Upload) -> Media:
    data, mime = upload.data, _mime(upload)
    if audiovisual.container(data) == "webm":
        data = audiovisual.opus_from_webm(data)
    if audiovisual.container(data) == "ogg":
        mime = "audio/ogg"
    length = upload.given.get("duration") or round(audiovisual.duration(data))
    kept = Upload("voice.oga", mime, data)
    return Media("voice", (store.save("voice", kept, {"duration": length, "mime_type": mime}),))


def _audio(store: FileStore, upload: Upload) -> Media:
    heard = audiovisual.probe(upload.data)
    tags = {"duration": round(heard.duration), "title": heard.title, "performer": heard.performer}
    attributes = tags | {name: value for name, value in upload.given.items() if value} | _named(upload)
    attributes = {name: value for name, value in attributes.items() if value is not None}
    return Media("audio", (store.save("audio", upload, attributes),))


def _document(store: FileStore, upload: Upload) -> Media:
    return Media("document", (store.save("document", upload, _named(upload)),))


def _video(store: FileStore, upload: Upload, kind: str = "video") -> Media:
    return Media(kind, (store.save(kind, upload, _film(upload) | _named(upload)),))


def _animation(store: FileStore, upload: Upload) -> Media:
    return _video(store, upload, "animation")


def _video_note(store: FileStore, upload: Upload) -> Media:
    film = _film(upload)
    attributes = {"length": min(film["width"], film["height"]), "duration": film["duration"]}
    return Media("video_note", (store.save("video_note", upload, attributes),))


def _live_photo(store: FileStore, upload: Upload) -> Media:
    """From a film, whose still is a frame of it; a photo alone stands for its own film."""
    frame = upload.data if images.dimensions(upload.data) else audiovisual.first_frame(upload.data)
    sizes = images.photo_sizes(frame)
    film = {"width": sizes[-1].width, "height": sizes[-1].height, "duration": _film(upload)["duration"] or 1}
    stored = store.save("live_photo", upload, film | {"mime_type": _mime(upload)})
    return Media("live_photo", (stored,), still=_save_sizes(store, sizes))


def _sticker(store: FileStore, upload: Upload) -> Media:
    width, height = images.dimensions(upload.data) or _STICKER_SIDES
    attributes = {
        "type": "regular",
        "width": width,
        "height": height,
        "is_animated": False,
        "is_video": False,
    }
    return Media("sticker", (store.save("sticker", upload, attributes),))


def _film(upload: Upload) -> dict[str, Any]:
    sides = images.dimensions(upload.data)
    seen = audiovisual.probe(upload.data)
    width, height = sides or (seen.width, seen.height)
    return {"width": width, "height": height, "duration": round(seen.duration)}


def _named(upload: Upload) -> dict[str, Any]:
    return {"file_name": upload.filename, "mime_type": _mime(upload)}


def _mime(upload: Upload) -> str:
    guessed = mimetypes.guess_type(upload.filename)[0]
    unknown = upload.content_type in ("", "application/octet-stream")
    return (guessed or "application/octet-stream") if unknown else upload.content_type


_MAKERS: dict[str, Callable[[FileStore, Upload], Media]] = {
    "photo": _photo,
    "voice": _voice,
    "audio": _audio,
    "document": _document,
    "video": _video,
    "animation": _animation,
    "video_note": _video_note,
    "live_photo": _live_photo,
    "sticker": _sticker,
}
