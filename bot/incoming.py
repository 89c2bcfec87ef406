"""What can be read in a message, whatever Telegram calls it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from telegram import LivePhoto, Message, PhotoSize, Video, VideoNote

Kind = Literal["face", "voice", "video", "live"]


@dataclass(frozen=True, slots=True)
class Medium:
    """A file to read. `size` is in bytes, 0 where Telegram does not say; `seconds` of a video likewise.

    `origin` is where more may come from, or where it must be taken from once: an album, a message with a button.
    `heic` is a picture in the format that phones keep and few programs open. `still` is the photo of a live photo,
    whose file is its film.
    """

    kind: Kind
    file_id: str
    size: int = 0
    seconds: float = 0.0
    origin: str | None = None
    heic: bool = False
    still: "Medium | None" = None


def written(message: Message | None) -> str:
    """What is typed: a text, or what stands under a medium."""
    return (message.text or message.caption or "") if message else ""


def medium_of(message: Message) -> Medium | None:
    """The photo, voice note or video of a message; None where there is nothing of the kind."""
    album = f"album:{message.media_group_id}" if message.media_group_id else None
    if message.photo:
        return _photo(message.photo, album)
    if message.voice:
        return Medium("voice", message.voice.file_id, message.voice.file_size or 0)
    if live := message.live_photo:
        still = _photo(live.photo, album) if live.photo else None
        return replace(_film(live, album), kind="live", still=still)
    if film := message.video_note or message.video:
        return _film(film, album)
    return _document(message, album)


def _film(film: VideoNote | Video | LivePhoto, album: str | None) -> Medium:
    return Medium("video", film.file_id, film.file_size or 0, _seconds(film.duration), album)


def _photo(sizes: Sequence[PhotoSize], album: str | None) -> Medium:
    largest = sizes[-1]
    return Medium("face", largest.file_id, largest.file_size or 0, origin=album)


def _document(message: Message, album: str | None) -> Medium | None:
    sent = message.document
    if sent is None:
        return None
    mime, name = (sent.mime_type or "").casefold(), (sent.file_name or "").casefold()
    heic = mime in ("image/heic", "image/heif") or name.endswith((".heic", ".heif"))
    if heic or mime.startswith("image/"):
        return Medium("face", sent.file_id, sent.file_size or 0, origin=album, heic=heic)
    if mime.startswith("video/"):
        return Medium("video", sent.file_id, sent.file_size or 0, origin=album)
    return None


def _seconds(duration: int | timedelta) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
