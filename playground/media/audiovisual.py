"""What a sound or a film is, how long it is, and Opus out of WebM into Ogg. Blocking functions."""

import io
import re
import subprocess
from dataclasses import dataclass

import imageio_ffmpeg
import soundfile

_FFMPEG_TIME_S = 60
# Input comes through a pipe, so that nothing in it may open another file or address; the cache lets ffmpeg seek,
# since films often have their table of contents at the end.
_FFMPEG_INPUT = ("-hide_banner", "-protocol_whitelist", "cache,pipe", "-i", "cache:pipe:0")
_DURATION = re.compile(r"Duration: (\d+):(\d+):(\d+(?:\.\d+)?)")
_TIME = re.compile(r"time=(\d+):(\d+):(\d+(?:\.\d+)?)")
_SIDES = re.compile(r"Video: .*?[ ,](\d{2,5})x(\d{2,5})[ ,\[]")
_TAG = re.compile(r"^\s+(title|artist)\s*: (.+)$", re.MULTILINE | re.IGNORECASE)


class NotOpusError(Exception):
    """A WebM whose sound cannot be put into an Ogg without encoding it anew."""


@dataclass(frozen=True)
class Probe:
    """Duration in seconds (0 if unknown), sides in pixels of a film, tags of a piece of music."""

    duration: float = 0.0
    width: int = 0
    height: int = 0
    title: str | None = None
    performer: str | None = None


def container(data: bytes) -> str:
    """``ogg``, ``mp3``, ``m4a``, ``webm``, ``flac``, ``wav`` or the empty string, by the first bytes."""
    heads = {b"OggS": "ogg", b"ID3": "mp3", b"\x1a\x45\xdf\xa3": "webm", b"fLaC": "flac", b"RIFF": "wav"}
    for head, name in heads.items():
        if data.startswith(head):
            return name
    if data[4:8] == b"ftyp":
        return "m4a"
    is_mpeg_frame = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2
    return "mp3" if is_mpeg_frame else ""


def is_opus(data: bytes) -> bool:
    """Whether it is an Ogg file with Opus in it, what Telegram's clients record."""
    return data.startswith(b"OggS") and b"OpusHead" in data[:512]


def duration(data: bytes) -> float:
    """Length in seconds, 0 if it cannot be told: by libsndfile, by ffmpeg what that cannot read."""
    try:
        info = soundfile.info(io.BytesIO(data))
        return float(info.frames / info.samplerate)
    except (soundfile.LibsndfileError, ZeroDivisionError):
        return probe(data).duration


def probe(data: bytes) -> Probe:
    """What ffmpeg says about a sound or a film; all unknown if it cannot read it."""
    heard = _ffmpeg(data, "-map", "0:a?", "-c", "copy", "-f", "null", "-").stderr.decode("utf-8", "replace")
    found = _DURATION.search(heard) or next(reversed([*_TIME.finditer(heard)]), None)
    tags = {name.lower(): value.strip() for name, value in reversed(_TAG.findall(heard))}
    sides = _SIDES.search(heard)
    return Probe(
        duration=_seconds(found) if found else 0.0,
        width=int(sides.group(1)) if sides else 0,
        height=int(sides.group(2)) if sides else 0,
        title=tags.get("title"),
        performer=tags.get("artist"),
    )


def opus_from_webm(data: bytes) -> bytes:
    """The Opus packets that a browser recorded, in the container that Telegram keeps. Raises NotOpusError."""
    done = _ffmpeg(data, "-vn", "-c:a", "copy", "-f", "ogg", "pipe:1")
    if done.returncode != 0 or not is_opus(done.stdout):
        raise NotOpusError
    return done.stdout


def first_frame(data: bytes) -> bytes:
    """The first picture of a film as JPEG, empty if there is none."""
    return _ffmpeg(data, "-frames:v", "1", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1").stdout


def _ffmpeg(data: bytes, *output: str) -> subprocess.CompletedProcess[bytes]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *_FFMPEG_INPUT, *output]
    return subprocess.run(command, input=data, capture_output=True, timeout=_FFMPEG_TIME_S, check=False)  # noqa: S603 (fixed arguments, data by pipe)


def _seconds(found: re.Match[str]) -> float:
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
