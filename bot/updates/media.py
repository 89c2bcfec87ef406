"""Find what can be read in a message, whatever Telegram calls it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from telegram import Audio, Document, LivePhoto, Message, PhotoSize, Video, VideoNote

Kind = Literal["face", "voice", "video", "live"]
# Telegram's programs take a file for music, a film or neither by what kind of file the sender's system calls it, and
# the kinds of many playlists call themselves sound or film.
_PLAYLIST_NAMES = (".m3u", ".m3u8", ".pls", ".xspf", ".jspf", ".asx", ".wax", ".wvx", ".wpl", ".zpl")
_PLAYLIST_KINDS = re.compile(
    r"(?:audio|video|application)/(?:x-|vnd\.apple\.|vnd\.ms-|x-ms-)?(?:mpegurl|scpls|pls|xspf|asx|wax|wvx|wpl)(?:\+xml)?"
)
_SOUND_NAMES = (
    *(".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wav", ".wma"),
    *(".aif", ".aiff", ".amr", ".mka"),
)


@dataclass(frozen=True, slots=True)
class Medium:
    """Describe a file to read.

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
    """Return what is typed: a text, or the caption of a medium."""
    return (message.text or message.caption or "") if message else ""


def playlist_of(message: Message) -> Audio | Document | Video | None:
    """Return the file of a message that can only be a playlist, whatever Telegram takes it for."""
    sent = message.document or message.audio or message.video
    if sent is None or _named(sent).endswith(_SOUND_NAMES):
        return None
    named = _named(sent).endswith(_PLAYLIST_NAMES)
    return sent if named or _PLAYLIST_KINDS.fullmatch(_kind(sent)) else None


def sound_of(message: Message) -> Audio | Document | None:
    """Return the music of a message, or another sound that is no voice note."""
    sent = message.audio or message.document
    if sent is None or playlist_of(message):
        return None
    sounds = _kind(sent).startswith("audio/") or _kind(sent) == "application/ogg"
    return sent if message.audio or sounds or _named(sent).endswith(_SOUND_NAMES) else None


def medium_of(message: Message) -> Medium | None:
    """Return the photo, voice note or video of a message; None where there is nothing of the kind."""
    if playlist_of(message):
        return None
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
    if sent is None or sound_of(message):
        return None
    mime = _kind(sent)
    heic = mime in ("image/heic", "image/heif") or _named(sent).endswith((".heic", ".heif"))
    if heic or mime.startswith("image/"):
        return Medium("face", sent.file_id, sent.file_size or 0, origin=album, heic=heic)
    if mime.startswith("video/"):
        return Medium("video", sent.file_id, sent.file_size or 0, origin=album)
    return None


def _kind(sent: Audio | Document | Video) -> str:
    """Return the media type that the sender's system names, without its parameters."""
    return (sent.mime_type or "").casefold().partition(";")[0].strip()


def _named(sent: Audio | Document | Video) -> str:
    return (sent.file_name or "").casefold().strip()


def _seconds(duration: int | timedelta) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
