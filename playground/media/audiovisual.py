"""Format, duration and tags of sounds and videos, and Opus sound taken out of WebM into Ogg.

All functions that start ffmpeg or read a whole file are blocking.
"""

import io
import re
import subprocess
from dataclasses import dataclass

import imageio_ffmpeg
import soundfile

_FFMPEG_TIMEOUT_S = 60
# The input comes through a pipe and no other protocol is allowed, so that nothing in it can open another file
# or address. The cache lets ffmpeg seek, since videos often have their table of contents at the end.
_FFMPEG_INPUT = ("-hide_banner", "-protocol_whitelist", "cache,pipe", "-i", "cache:pipe:0")
_DURATION = re.compile(r"Duration: (\d+):(\d+):(\d+(?:\.\d+)?)")
_TIME = re.compile(r"time=(\d+):(\d+):(\d+(?:\.\d+)?)")
_DIMENSIONS = re.compile(r"Video: .*?[ ,](\d{2,5})x(\d{2,5})[ ,\[]")
_TAG = re.compile(r"^\s+(title|artist)\s*: (.+)$", re.MULTILINE | re.IGNORECASE)


class NotOpusError(Exception):
    """Report a WebM file whose sound cannot be put into an Ogg file without encoding it anew."""


@dataclass(frozen=True)
class Probe:
    """Hold what ffmpeg found out about a sound or a video.

    `duration` is in seconds, `width` and `height` of a video are in pixels; 0 is unknown. `title` and
    `performer` are those of the tags of a piece of music.
    """

    duration: float = 0.0
    width: int = 0
    height: int = 0
    title: str | None = None
    performer: str | None = None


def container_format(data: bytes) -> str:
    """Return the container format that the first bytes tell, an empty string if it is unknown.

    Known are ``ogg``, ``mp3``, ``m4a``, ``webm``, ``flac`` and ``wav``.
    """
    signatures = {b"OggS": "ogg", b"ID3": "mp3", b"\x1a\x45\xdf\xa3": "webm", b"fLaC": "flac", b"RIFF": "wav"}
    for signature, name in signatures.items():
        if data.startswith(signature):
            return name
    if data[4:8] == b"ftyp":
        return "m4a"
    is_mpeg_frame = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2
    return "mp3" if is_mpeg_frame else ""


def is_opus(data: bytes) -> bool:
    """Tell whether the bytes are an Ogg file with Opus in it, which is what Telegram's clients record."""
    return data.startswith(b"OggS") and b"OpusHead" in data[:512]


def duration(data: bytes) -> float:
    """Return the length of a sound in seconds, 0 if it is unknown.

    libsndfile reads it; ffmpeg is asked about what libsndfile cannot read.
    """
    try:
        info = soundfile.info(io.BytesIO(data))
        return float(info.frames / info.samplerate)
    except (soundfile.LibsndfileError, ZeroDivisionError):
        return probe(data).duration


def probe(data: bytes) -> Probe:
    """Return what ffmpeg says about a sound or a video; everything is unknown if ffmpeg cannot read it."""
    log = _ffmpeg(data, "-map", "0:a?", "-c", "copy", "-f", "null", "-").stderr.decode("utf-8", "replace")
    found = _DURATION.search(log) or next(reversed([*_TIME.finditer(log)]), None)
    tags = {name.lower(): value.strip() for name, value in reversed(_TAG.findall(log))}
    dimensions = _DIMENSIONS.search(log)
    return Probe(
        duration=_seconds(found) if found else 0.0,
        width=int(dimensions.group(1)) if dimensions else 0,
        height=int(dimensions.group(2)) if dimensions else 0,
        title=tags.get("title"),
        performer=tags.get("artist"),
    )


def opus_from_webm(data: bytes) -> bytes:
    """Return the Opus packets that a browser recorded in Ogg, the container that Telegram keeps.

    Raises NotOpusError.
    """
    done = _ffmpeg(data, "-vn", "-c:a", "copy", "-f", "ogg", "pipe:1")
    if done.returncode != 0 or not is_opus(done.stdout):
        raise NotOpusError
    return done.stdout


def first_frame(data: bytes) -> bytes:
    """Return the first picture of a video as JPEG, empty bytes if there is none."""
    return _ffmpeg(data, "-frames:v", "1", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1").stdout


def _ffmpeg(data: bytes, *output: str) -> subprocess.CompletedProcess[bytes]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *_FFMPEG_INPUT, *output]
    return subprocess.run(command, input=data, capture_output=True, timeout=_FFMPEG_TIMEOUT_S, check=False)  # noqa: S603 (fixed arguments, data by pipe)


def _seconds(found: re.Match[str]) -> float:
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
