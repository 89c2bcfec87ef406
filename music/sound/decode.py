"""Sound files -> mono 16 kHz: half a minute from the middle, where music is most itself."""

import io
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor
from torchaudio.functional import resample

from music.sound.features import RATE, SHORTEST_S

LONGEST_S = 30.0
_RATES = range(4_000, 384_001)  # Hz: what recorders have
_CHANNELS = 8
_MAX_TAG = 300  # characters


class NotSound(Exception):
    """No sound that can be read; the message is one sentence."""


def read_sound(source: Path | bytes) -> Tensor:
    """Mono 16 kHz sound [samples], SHORTEST_S to LONGEST_S long, -1..1. Raises NotSound.

    libsndfile reads WAV, FLAC, MP3, Ogg/Vorbis and Opus.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
            if file.samplerate not in _RATES or file.channels > _CHANNELS:
                raise NotSound("This sound has a sample rate or a number of channels that no music has.")
            wanted = int(LONGEST_S * file.samplerate)
            file.seek(max(0, (file.frames - wanted) // 2))
            samples, rate = file.read(wanted, dtype="float32", always_2d=True), file.samplerate
    except (soundfile.LibsndfileError, ValueError, RuntimeError, OSError) as error:
        raise NotSound("This is no sound file that I can read.") from error
    return checked(torch.from_numpy(np.ascontiguousarray(samples.mean(1))), rate)


def tags_of(data: bytes) -> tuple[str, str]:
    """Title and artist as the file itself names them, empty where it does not or is no sound."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            title, artist = file.title or "", file.artist or ""
    except (soundfile.LibsndfileError, ValueError, RuntimeError):
        return "", ""
    return " ".join(title.split())[:_MAX_TAG], " ".join(artist.split())[:_MAX_TAG]


def checked(sound: Tensor, rate: int) -> Tensor:
    """The same at 16 kHz and -1..1. Raises NotSound when it is too short, silent or no number."""
    if len(sound) < SHORTEST_S * rate:
        raise NotSound(f"This sound is shorter than {SHORTEST_S:.0f} seconds.")
    if not torch.isfinite(sound).all():
        raise NotSound("This sound file is damaged.")
    if float(sound.abs().max()) < 1e-4:
        raise NotSound("This sound is silent.")
    out: Tensor = sound if rate == RATE else resample(sound, rate, RATE)
    return out.clamp(-1, 1)
