"""Photos, voices and music for conversations, drawn and made once."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from tools import samples


@cache
def selfie() -> bytes:
    """A drawn face that is found."""
    return samples.selfie(480)


@cache
def other_selfie() -> bytes:
    """Another one."""
    return samples.selfie(480, smile=False)


@cache
def scenery() -> bytes:
    """A picture without a face."""
    return samples.scenery(320)


@cache
def voice() -> bytes:
    """Speech, as Ogg/Opus."""
    return samples.voice_note(3.0)


@cache
def voice_file() -> bytes:
    """The same as MP3 without tags, as a recorder app writes it."""
    return _mp3()


@cache
def video(dark: bool = False) -> bytes:
    """Three seconds of the selfie, or of a landscape, with the voice, as MP4."""
    with tempfile.TemporaryDirectory() as name:
        picture, sound, film = (Path(name, file) for file in ("selfie.jpg", "voice.ogg", "film.mp4"))
        picture.write_bytes(scenery() if dark else selfie())
        sound.write_bytes(voice())
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-loop", "1", "-framerate", "5"]
        command += [
            "-i",
            str(picture),
            "-i",
            str(sound),
            "-t",
            "3",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
        ]
        command += ["-pix_fmt", "yuv420p", "-c:a", "aac", str(film)]
        subprocess.run(command, check=True, timeout=60)
        return film.read_bytes()


def music(title: str, artist: str) -> bytes:
    """An MP3 with tags."""
    return _mp3("-metadata", f"title={title}", "-metadata", f"artist={artist}")


def _mp3(*tags: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", "pipe:0"]
    command += [*tags, "-codec:a", "libmp3lame", "-b:a", "64k", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, input=voice(), capture_output=True, check=True, timeout=60).stdout
