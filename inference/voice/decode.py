"""Decode a recording to mono sound at 16 kHz, whatever its bytes are."""

import io
import warnings

import numpy as np
import soundfile
from numpy.typing import NDArray

from inference.errors import Code, Unreadable
from transcode import ffmpeg, resampling
from transcode.mono import read_mono

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for an installed ffmpeg; ours comes with imageio-ffmpeg
    from pydub import AudioSegment

RATE = 16_000  # Hz
MAX_BYTES = 20 * 2**20  # what Telegram lets a bot download
MAX_SECONDS = 60  # more tells little about a mood
MIN_SECONDS = 0.25
Sound = NDArray[np.float32]


def decode(data: bytes) -> Sound:
    """Decode to float32 [samples] at 16 kHz, -1..1, MIN_SECONDS to MAX_SECONDS long; raises Unreadable.

    libsndfile reads WAV, FLAC, MP3 and Ogg in process (a voice note in some 30 ms); ffmpeg, which needs 120 ms to
    start, reads M4A, WebM, AAC, AMR and the sound of videos.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(Code.SOUND_TOO_LARGE)
    demuxer = ffmpeg.demuxer_of(data)
    sound = _by_ffmpeg(data, demuxer) if demuxer else _by_libsndfile(data)
    if len(sound) < MIN_SECONDS * RATE:
        raise Unreadable(Code.TOO_SHORT)
    if not np.isfinite(sound).all():
        raise Unreadable(Code.NOT_SOUND)
    return np.clip(sound, -1, 1)  # files of floats may hold any number


def _by_libsndfile(data: bytes) -> Sound:
    """Decode what libsndfile opens."""
    try:
        # Damaged files may hold infinities, whose mean is no number: `decode` refuses those.
        with soundfile.SoundFile(io.BytesIO(data)) as file, np.errstate(invalid="ignore"):
            rate = file.samplerate
            if rate not in resampling.RATES:
                raise Unreadable(Code.NOT_SOUND)
            sound: Sound = read_mono(file, MAX_SECONDS * rate)
    except (soundfile.LibsndfileError, ValueError, RuntimeError) as error:
        raise Unreadable(Code.NOT_SOUND) from error
    return sound if rate == RATE or not sound.size else _resampled(sound, rate)


def _resampled(sound: Sound, rate: int) -> Sound:
    import torch

    out: Sound = resampling.resample(torch.from_numpy(sound), rate, RATE).numpy()
    return out


def _by_ffmpeg(data: bytes, demuxer: str) -> Sound:
    """Decode the first sound track."""
    target = f"-map 0:a:0 -ac 1 -ar {RATE} -f wav -acodec pcm_s16le"
    try:
        wav = ffmpeg.convert(data, demuxer, MAX_SECONDS, target)
        segment = AudioSegment.from_file(io.BytesIO(wav), format="wav")
    except (ffmpeg.ConversionFailed, OSError, ValueError, IndexError, EOFError) as error:
        raise Unreadable(Code.NOT_SOUND) from error
    sound: Sound = np.array(segment.get_array_of_samples(), np.float32) / np.float32(32768)
    return sound
