"""Sound bytes -> mono 16 kHz, whatever the bytes are."""

import io
import os
import subprocess
import tempfile
import warnings
from typing import IO

import imageio_ffmpeg
import numpy as np
import soundfile
from numpy.typing import NDArray

from inference.errors import Code, Unreadable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for an installed ffmpeg; ours comes with imageio-ffmpeg
    from pydub import AudioSegment

RATE = 16_000  # Hz
MAX_BYTES = 20 * 2**20  # what Telegram lets a bot download
MAX_SECONDS = 60  # more tells little about a mood
MIN_SECONDS = 0.25
_RATES = range(4_000, 384_001)  # Hz: what recorders have
_FFMPEG_SECONDS = 10  # less than the pool's deadline, so that ffmpeg is ended before its parent could be
Sound = NDArray[np.float32]

# What the bytes are, by their beginning: containers that only ffmpeg opens, with the demuxer it is held to.
_DEMUXERS = (
    (4, b"ftyp", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    *((0, bytes([0xFF, second]), "aac") for second in (0xF0, 0xF1, 0xF8, 0xF9)),
    (0, b"#!AMR", "amr"),
)


def decode(data: bytes) -> Sound:
    """float32 [samples] at 16 kHz, -1..1, MIN_SECONDS to MAX_SECONDS long. Raises Unreadable.

    libsndfile reads WAV, FLAC, MP3 and Ogg in process (a voice note in some 30 ms); ffmpeg, which needs 120 ms to
    start, reads M4A, WebM, AAC, AMR and the sound of videos.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(Code.SOUND_TOO_LARGE)
    demuxer = next((name for at, magic, name in _DEMUXERS if data[at : at + len(magic)] == magic), None)
    sound = _by_ffmpeg(data, demuxer) if demuxer else _by_libsndfile(data)
    if len(sound) < MIN_SECONDS * RATE:
        raise Unreadable(Code.TOO_SHORT)
    if not np.isfinite(sound).all():
        raise Unreadable(Code.NOT_SOUND)
    return np.clip(sound, -1, 1)  # files of floats may hold any number


def _by_libsndfile(data: bytes) -> Sound:
    """Second by second, since eight channels of silence take no room in a file but much in memory."""
    try:
        # Damaged files may hold infinities, whose mean is no number: `decode` refuses those.
        with soundfile.SoundFile(io.BytesIO(data)) as file, np.errstate(invalid="ignore"):
            rate = file.samplerate
            if rate not in _RATES:
                raise Unreadable(Code.NOT_SOUND)
            seconds = file.blocks(rate, frames=MAX_SECONDS * rate, dtype="float32", always_2d=True)
            sound = np.concatenate([np.zeros(0, np.float32), *(second.mean(1) for second in seconds)])
    except (soundfile.LibsndfileError, ValueError, RuntimeError) as error:
        raise Unreadable(Code.NOT_SOUND) from error
    return sound if rate == RATE or not sound.size else _resampled(sound, rate)


def _resampled(sound: Sound, rate: int) -> Sound:
    import torch
    from torchaudio.functional import resample

    out: Sound = resample(torch.from_numpy(sound), rate, RATE).numpy()
    return out


def _by_ffmpeg(data: bytes, demuxer: str) -> Sound:
    """The first sound track, by a process that may read nothing but its standard input and is ended in time.

    `-timelimit` (seconds of computing) ends it even when this process was killed meanwhile.
    """
    source = f"-protocol_whitelist fd -f {demuxer} -i fd: -map 0:a:0 -t {MAX_SECONDS}"
    target = f"-ac 1 -ar {RATE} -threads 1 -f wav -acodec pcm_s16le pipe:1"
    options = f"-hide_banner -loglevel error -nostats -timelimit {_FFMPEG_SECONDS} {source} {target}"
    try:
        with _seekable(data) as file:
            done = subprocess.run(  # noqa: S603  (our own list of arguments, the sound on standard input)
                [imageio_ffmpeg.get_ffmpeg_exe(), *options.split()],
                stdin=file,
                capture_output=True,
                timeout=_FFMPEG_SECONDS,
                check=True,
            )
        segment = AudioSegment.from_file(io.BytesIO(done.stdout), format="wav")
    except (subprocess.SubprocessError, OSError, ValueError, IndexError, EOFError) as error:
        raise Unreadable(Code.NOT_SOUND) from error
    sound: Sound = np.array(segment.get_array_of_samples(), np.float32) / np.float32(32768)
    return sound


def _seekable(data: bytes) -> IO[bytes]:
    """The bytes as an open file in memory: an M4A keeps its table of contents at its end, which a pipe cannot reach.

    Where the system has no files in memory, a nameless temporary file stands in.
    """
    memory = getattr(os, "memfd_create", None)
    file: IO[bytes] = open(memory("sound"), "w+b") if memory else tempfile.TemporaryFile()  # noqa: SIM115, PTH123
    file.write(data)
    file.seek(0)
    return file
