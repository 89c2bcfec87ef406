"""Uploads turned into the files that Telegram keeps and describes.

All functions are blocking: call them in a thread.
"""

import mimetypes
from collections.abc import Callable

from playground.media import audiovisual, images
from playground.media.files import FileStore, Media, StoredFile, Upload
from playground.protocol import limits
from playground.protocol.errors import api_error
from playground.protocol.schema import JsonObject

_JPEG = "image/jpeg"
_STICKER_DIMENSIONS = (512, 512)  # pixels
_AUDIO_FORMATS = ("mp3", "m4a")


class InvalidUploadError(Exception):
    """Report an upload that a Telegram client would not have sent; the message says why."""


def store_client_upload(store: FileStore, kind: str, upload: Upload) -> Media:
    """Store a user's file as a Telegram client would send it.

    `kind` is a field of ``Message`` that holds files. Broken sounds pass, as in Telegram. Raises
    InvalidUploadError.
    """
    try:
        return _STORE_AS[kind](store, upload)
    except images.InvalidImageError as error:
        raise InvalidUploadError("the photo cannot be decoded") from error
    except audiovisual.NotOpusError as error:
        raise InvalidUploadError("the WebM holds no Opus sound") from error


def store_bot_upload(store: FileStore, kind: str, upload: Upload) -> Media:
    """Store a bot's file as Telegram's server would, which may make another kind of it.

    Raises BotApiError.
    """
    if not upload.data:
        raise api_error("file must be non-empty")
    if kind == "photo":
        images.check_bot_photo(upload)
    try:
        return _STORE_AS[_resulting_kind(kind, upload.data)](store, upload)
    except images.InvalidImageError as error:
        raise api_error("IMAGE_PROCESS_FAILED") from error


def _resulting_kind(kind: str, data: bytes) -> str:
    """Return the kind that a bot's upload arrives as: sounds of other formats or sizes become documents."""
    found = audiovisual.container_format(data)
    if kind == "voice" and found == "ogg":
        return "voice" if audiovisual.is_opus(data) and len(data) <= limits.VOICE_BYTES else "document"
    if kind in ("voice", "audio"):
        return kind if found in _AUDIO_FORMATS else "document"
    return kind


def store_thumbnail(store: FileStore, upload: Upload | None) -> StoredFile | None:
    """Store the small picture that goes with a file; return None where Telegram would ignore it."""
    if upload is None or len(upload.data) > limits.THUMBNAIL_BYTES:
        return None
    dimensions = images.dimensions(upload.data)
    if dimensions is None or max(dimensions) > limits.THUMBNAIL_SIDE:
        return None
    return store.save("thumbnail", upload, {"width": dimensions[0], "height": dimensions[1]})


def _photo(store: FileStore, upload: Upload) -> Media:
    return Media("photo", _save_sizes(store, images.photo_sizes(upload.data)))


def _save_sizes(store: FileStore, sizes: list[images.PhotoSize]) -> tuple[StoredFile, ...]:
    return tuple(
        store.save(
            "photo", Upload("photo.jpg", _JPEG, size.data), {"width": size.width, "height": size.height}
        )
        for size in sizes
    )


def _voice(store: FileStore, upload: Upload) -> Media:
    data, mime_type = upload.data, _mime_type(upload)
    if audiovisual.container_format(data) == "webm":
        data = audiovisual.opus_from_webm(data)
    if audiovisual.container_format(data) == "ogg":
        mime_type = "audio/ogg"
    length = upload.metadata.get("duration") or round(audiovisual.duration(data))
    converted = Upload("voice.oga", mime_type, data)
    return Media("voice", (store.save("voice", converted, {"duration": length, "mime_type": mime_type}),))


def _audio(store: FileStore, upload: Upload) -> Media:
    probed = audiovisual.probe(upload.data)
    tags = {"duration": round(probed.duration), "title": probed.title, "performer": probed.performer}
    stated = {name: value for name, value in upload.metadata.items() if value}
    attributes = tags | stated | _name_and_type(upload)
    known = {name: value for name, value in attributes.items() if value is not None}
    return Media("audio", (store.save("audio", upload, known),))


def _document(store: FileStore, upload: Upload) -> Media:
    return Media("document", (store.save("document", upload, _name_and_type(upload)),))


def _video(store: FileStore, upload: Upload, kind: str = "video") -> Media:
    return Media(kind, (store.save(kind, upload, _video_attributes(upload) | _name_and_type(upload)),))


def _animation(store: FileStore, upload: Upload) -> Media:
    return _video(store, upload, "animation")


def _video_note(store: FileStore, upload: Upload) -> Media:
    video = _video_attributes(upload)
    attributes = {"length": min(video["width"], video["height"]), "duration": video["duration"]}
    return Media("video_note", (store.save("video_note", upload, attributes),))


def _live_photo(store: FileStore, upload: Upload) -> Media:
    """Store a video with its first frame as the still picture; a photo alone stands for its own video."""
    frame = upload.data if images.dimensions(upload.data) else audiovisual.first_frame(upload.data)
    sizes = images.photo_sizes(frame)
    attributes = {
        "width": sizes[-1].width,
        "height": sizes[-1].height,
        "duration": _video_attributes(upload)["duration"] or 1,
    }
    stored = store.save("live_photo", upload, attributes | {"mime_type": _mime_type(upload)})
    return Media("live_photo", (stored,), still_sizes=_save_sizes(store, sizes))


def _sticker(store: FileStore, upload: Upload) -> Media:
    width, height = images.dimensions(upload.data) or _STICKER_DIMENSIONS
    attributes = {
        "type": "regular",
        "width": width,
        "height": height,
        "is_animated": False,
        "is_video": False,
    }
    return Media("sticker", (store.save("sticker", upload, attributes),))


def _video_attributes(upload: Upload) -> JsonObject:
    probed = audiovisual.probe(upload.data)
    width, height = images.dimensions(upload.data) or (probed.width, probed.height)
    return {"width": width, "height": height, "duration": round(probed.duration)}


def _name_and_type(upload: Upload) -> JsonObject:
    return {"file_name": upload.filename, "mime_type": _mime_type(upload)}


def _mime_type(upload: Upload) -> str:
    guessed = mimetypes.guess_type(upload.filename)[0]
    unknown = upload.content_type in ("", "application/octet-stream")
    return (guessed or "application/octet-stream") if unknown else upload.content_type


_STORE_AS: dict[str, Callable[[FileStore, Upload], Media]] = {
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
