"""Decode sound files to mono 16 kHz: half a minute from the middle, where music is most itself."""

import contextlib
import io
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor

from music.errors import Code, NotSound, Problem
from music.sound.features import RATE, SHORTEST_S
from transcode import ffmpeg
from transcode.mono import read_mono
from transcode.resampling import RATES, resample

LONGEST_S = 30.0
LONGEST_FILM_S = 600
_CHANNELS = 8
_MAX_TAG = 300  # characters


def read_sound(source: Path | bytes) -> Tensor:
    """Decode a file or its bytes to mono 16 kHz sound [samples], SHORTEST_S to LONGEST_S long, -1..1.

    libsndfile reads WAV, FLAC, MP3, Ogg/Vorbis and Opus in process; ffmpeg reads M4A, AAC, WMA and the sound of WebM
    and films, of which what comes after LONGEST_FILM_S seconds is not looked at. Raises NotSound.
    """
    try:
        demuxer = ffmpeg.demuxer_of(_beginning(source))
        sound, rate = _by_ffmpeg(source, demuxer) if demuxer else _by_libsndfile(source)
    except (soundfile.LibsndfileError, ffmpeg.ConversionFailed, ValueError, RuntimeError, OSError) as error:
        raise NotSound(Problem(Code.NOT_A_SOUND)) from error
    return _checked(sound, rate)


def _beginning(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[: ffmpeg.SIGNATURE_BYTES]
    with source.open("rb") as file:
        return file.read(ffmpeg.SIGNATURE_BYTES)


def _by_libsndfile(source: Path | bytes) -> tuple[Tensor, int]:
    """Return the middle of a file, in mono, and its sample rate in Hz."""
    with soundfile.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
        if file.samplerate not in RATES or file.channels > _CHANNELS:
            raise NotSound(Problem(Code.NOT_AS_MUSIC_IS))
        wanted = int(LONGEST_S * file.samplerate)
        file.seek(max(0, (file.frames - wanted) // 2))
        return torch.from_numpy(read_mono(file, wanted)), file.samplerate


def _by_ffmpeg(source: Path | bytes, demuxer: str) -> tuple[Tensor, int]:
    """Return the middle of the first sound track, in mono, and its sample rate in Hz.

    How long it is turns out at its end, so all of it is unpacked.
    """
    target = f"-map 0:a:0 -vn -ac 1 -ar {RATE} -fs {2 * RATE * LONGEST_FILM_S} -f s16le"
    samples = np.frombuffer(ffmpeg.convert(source, demuxer, LONGEST_FILM_S, target), "<i2")
    wanted = int(LONGEST_S * RATE)
    start = max(0, (len(samples) - wanted) // 2)
    return torch.from_numpy(samples[start : start + wanted].astype(np.float32) / 32768), RATE


def tags_of(data: bytes) -> tuple[str, str]:
    """Return title and artist as the file itself names them, empty where it does not or is no sound."""
    title, artist = _tags_by_libsndfile(data)
    demuxer = ffmpeg.demuxer_of(data) or _mp3(data)
    if demuxer and not (title or artist):
        with contextlib.suppress(ffmpeg.ConversionFailed):
            title, artist = ffmpeg.title_and_artist(data, demuxer)
    return " ".join(title.split())[:_MAX_TAG], " ".join(artist.split())[:_MAX_TAG]


def _tags_by_libsndfile(data: bytes) -> tuple[str, str]:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            return file.title or "", file.artist or ""
    except (soundfile.LibsndfileError, ValueError, RuntimeError):
        return "", ""


def _mp3(data: bytes) -> str | None:
    """Name ffmpeg's demuxer for an MP3, whose oldest tags, at its end, libsndfile does not read."""
    return "mp3" if data.startswith((b"ID3", b"\xff")) else None


def _checked(sound: Tensor, rate: int) -> Tensor:
    """Resample to 16 kHz within -1..1. Raises NotSound when it is too short, silent or no number."""
    if len(sound) < SHORTEST_S * rate:
        raise NotSound(Problem(Code.SOUND_TOO_SHORT, limit=round(SHORTEST_S)))
    if not torch.isfinite(sound).all():
        raise NotSound(Problem(Code.SOUND_DAMAGED))
    if float(sound.abs().max()) < 1e-4:
        raise NotSound(Problem(Code.SOUND_SILENT))
    out: Tensor = sound if rate == RATE else resample(sound, rate, RATE)
    return out.clamp(-1, 1)
