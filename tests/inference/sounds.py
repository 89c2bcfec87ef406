"""Sounds that the tests make, and the same sound in every format that people send."""

import functools
import io
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float32]

HERTZ, AMPLITUDE, SECONDS = 440.0, 0.3, 2.0

# File name -> ffmpeg's options. MP4 and M4A have their table of contents (moov) at the end unless told otherwise.
ENCODINGS: dict[str, tuple[str, ...]] = {
    "voice_note.ogg": ("-c:a", "libopus", "-b:a", "32k", "-ar", "48000"),
    "vorbis.ogg": (
        "-c:a",
        "libvorbis",
    ),
    "tagged.mp3": ("-c:a", "libmp3lame", "-metadata", "title=A title"),
    "untagged.mp3": ("-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"),
    "variable.mp3": ("-c:a", "libmp3lame", "-q:a", "4"),
    "phone.m4a": ("-c:a", "aac"),
    "streaming.m4a": ("-c:a", "aac", "-movflags", "+faststart"),
    "fragmented.m4a": ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "lossless.m4a": ("-c:a", "alac"),
    "browser.webm": ("-c:a", "libopus"),
    "browser_vorbis.webm": ("-c:a", "libvorbis"),
    "stream.aac": ("-c:a", "aac", "-f", "adts"),
    "sound.mka": ("-c:a", "libmp3lame"),
    "old_phone.amr": ("-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1"),
    "lossless.flac": ("-c:a", "flac"),
    "telephone.wav": ("-c:a", "pcm_alaw", "-ar", "8000"),
    "video.mp4": ("-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-c:a", "aac", "-shortest"),
    "video.webm": ("-map", "0:v", "-map", "1:a", "-c:v", "libvpx", "-c:a", "libopus", "-shortest"),
    "video.mov": ("-map", "0:v", "-map", "1:a", "-c:v", "mjpeg", "-c:a", "pcm_s16le", "-shortest"),
}


def tone(seconds: float = SECONDS, rate: int = 48_000) -> Sound:
    """A steady tone, by whose length, level and pitch a decoder is judged."""
    t = np.arange(int(seconds * rate)) / rate
    return (AMPLITUDE * np.sin(2 * np.pi * HERTZ * t)).astype(np.float32)


def written(
    sound: NDArray[np.float32], rate: int = 16_000, subtype: str | None = "PCM_16", container: str = "WAV"
) -> bytes:
    """The sound [samples] or [samples, channels] as a file that libsndfile writes."""
    out = io.BytesIO()
    soundfile.write(out, sound, rate, format=container, subtype=subtype)
    return out.getvalue()


def ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, timeout=60)


@functools.cache
def encoded() -> dict[str, bytes]:
    """The tone in all ENCODINGS, made by one process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tone.wav").write_bytes(written(tone(), 48_000))
        outputs = [
            part
            for file, options in ENCODINGS.items()
            for part in (*(() if "-map" in options else ("-map", "1:a")), *options, str(folder / file))
        ]
        picture = ("-f", "lavfi", "-i", "color=blue:size=64x64:rate=10")
        ffmpeg(*picture, "-i", str(folder / "tone.wav"), *outputs)
        return {file: (folder / file).read_bytes() for file in ENCODINGS}
