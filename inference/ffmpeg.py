"""The one way to ffmpeg: a process that may read nothing but what it is given, and is ended in time."""

import os
import subprocess
import tempfile
from typing import IO

import imageio_ffmpeg

SECONDS = 10  # less than the pool's deadline, so that ffmpeg is ended before its parent could be

# What the bytes are, by their beginning: containers that only ffmpeg opens, with the demuxer it is held to.
_DEMUXERS = (
    (4, b"ftyp", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    *((0, bytes([0xFF, second]), "aac") for second in (0xF0, 0xF1, 0xF8, 0xF9)),
    (0, b"#!AMR", "amr"),
)
FILMS = ("mov", "matroska")


class Failed(Exception):
    """ffmpeg could not make what was asked for out of the bytes."""


def demuxer_of(data: bytes) -> str | None:
    """The demuxer for these bytes; None where ffmpeg is not needed or would not help."""
    return next((name for at, magic, name in _DEMUXERS if data[at : at + len(magic)] == magic), None)


def convert(data: bytes, demuxer: str, seconds: int, target: str) -> bytes:
    """What ffmpeg makes of the first `seconds` of the bytes, by its options `target`. Raises Failed.

    `-timelimit` (seconds of computing) ends it even when this process was killed meanwhile.
    """
    source = f"-protocol_whitelist fd -f {demuxer} -i fd: -t {seconds}"
    options = (
        f"-hide_banner -loglevel error -nostats -timelimit {SECONDS} {source} {target} -threads 1 pipe:1"
    )
    try:
        with _seekable(data) as file:
            done = subprocess.run(  # noqa: S603  (our own list of arguments, the bytes on standard input)
                [imageio_ffmpeg.get_ffmpeg_exe(), *options.split()],
                stdin=file,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as error:
        raise Failed(demuxer) from error
    return done.stdout


def _seekable(data: bytes) -> IO[bytes]:
    """The bytes as an open file in memory: an M4A keeps its table of contents at its end, which a pipe cannot reach.

    Where the system has no files in memory, a nameless temporary file stands in.
    """
    memory = getattr(os, "memfd_create", None)
    file: IO[bytes] = open(memory("sound"), "w+b") if memory else tempfile.TemporaryFile()  # noqa: SIM115, PTH123
    file.write(data)
    file.seek(0)
    return file
