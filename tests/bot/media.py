"""Photos, voices and music for conversations, drawn and made once."""

import subprocess
from functools import cache

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


def music(title: str, artist: str) -> bytes:
    """An MP3 with tags."""
    return _mp3("-metadata", f"title={title}", "-metadata", f"artist={artist}")


def _mp3(*tags: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", "pipe:0"]
    command += [*tags, "-codec:a", "libmp3lame", "-b:a", "64k", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, input=voice(), capture_output=True, check=True, timeout=60).stdout
