"""Run ffmpeg as a process that may read nothing but what it is given, takes little memory, and is ended in time."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import imageio_ffmpeg

SECONDS = 10  # less than the pool's deadline, so that ffmpeg is ended before its parent could be
VIDEO_DEMUXERS = ("mov", "matroska")
SIGNATURE_BYTES = 16  # bytes by which a file is tags

# What the bytes are, by their beginning: containers that only ffmpeg opens, with the demuxer it is held to.
_DEMUXERS = (
    (4, b"ftyp", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    *((0, bytes([0xFF, second]), "aac") for second in (0xF0, 0xF1, 0xF8, 0xF9)),
    (0, b"#!AMR", "amr"),
)
# What ffmpeg writes of tags: lines of "name=value", a backslash before what would end them; [CHAPTER] and the like.
_TAG = re.compile(r"^(title|artist)=((?:\\.|[^\\\n])*)", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SECTION = re.compile(r"(?<!\\)\n\[")
_LONGEST_TAGS = 1_000_000  # bytes; beyond these are chapters and pictures as text
_THREADS = 4  # each holds pictures of its own; by default there are as many as cores
_TOO_MANY_PIXELS = b"exceeds specified max pixel count"  # how ffmpeg says that it heeded -max_pixels


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold how much ffmpeg may take: 4K is read in 165 MiB, simple sound in 35.

    `pixels` are those of one picture; a larger one is not decoded, whatever the container says of its size. `memory` is
    in bytes, and holds for what is larger than anybody foresaw, where the system can hold a process to it (Linux).
    """

    pixels: int = 4096 * 4096
    memory: int = 512 * 2**20


LIMITS = Limits()


class ConversionFailed(Exception):
    """Report that ffmpeg could not make what was asked for out of the bytes."""


class PicturesTooLarge(ConversionFailed):
    """Report that the pictures of a film have more pixels than the limit."""


def demuxer_of(data: bytes) -> str | None:
    """Return ffmpeg's demuxer for a file by its first SIGNATURE_BYTES; None where ffmpeg is not needed or no help."""
    return next((name for at, magic, name in _DEMUXERS if data[at : at + len(magic)] == magic), None)


def convert(
    source: bytes | Path, demuxer: str, seconds: float, target: str, limits: Limits = LIMITS
) -> bytes:
    """Return what ffmpeg makes of the first `seconds` of a file, by its output options `target`.

    `demuxer` is how the file is opened, whatever it claims to be. `-timelimit` (SECONDS of computing) ends ffmpeg even
    when this process was killed meanwhile. Sound is read beside pictures that are too large, too. Raises
    PicturesTooLarge or another ConversionFailed.
    """
    limited = f"-max_pixels {limits.pixels} -threads {_THREADS} -timelimit {SECONDS}"
    opened = f"{limited} -protocol_whitelist fd -f {demuxer} -i fd: -t {seconds}"
    options = f"-nostdin -hide_banner -loglevel error -nostats {opened} {target} -threads 1 pipe:1"
    try:
        with source.open("rb") if isinstance(source, Path) else _seekable(source) as file:
            made = _run(options, file, limits.memory)
    except subprocess.CalledProcessError as error:
        raise (PicturesTooLarge if _TOO_MANY_PIXELS in error.stderr else ConversionFailed)(demuxer) from error
    except (subprocess.SubprocessError, OSError) as error:
        raise ConversionFailed(demuxer) from error
    return made


def _run(options: str, file: IO[bytes], memory: int) -> bytes:
    """Run ffmpeg on a file for at most SECONDS and return what it writes; raises OSError or a SubprocessError."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *options.split()]
    with subprocess.Popen(  # noqa: S603  (our own list of arguments, the bytes on standard input)
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        _limit_memory(process.pid, memory)
        try:
            made, errors = process.communicate(timeout=SECONDS)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, made, errors)
    return made


def _limit_memory(pid: int, size: int) -> None:
    """Hold a process to so many bytes of data, where the system can.

    It is done right after the start, when there is next to none: subprocess's preexec_fn is not safe beside threads,
    and a program that sets limits and then becomes ffmpeg is not on every system.
    """
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError):  # it has ended already, or a sandbox forbids it
            _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
            least = size if hard == resource.RLIM_INFINITY else min(size, hard)
            resource.prlimit(pid, resource.RLIMIT_DATA, (least, least))


def title_and_artist(data: bytes, demuxer: str) -> tuple[str, str]:
    """Return the title and the artist that a file names, each empty where it names none.

    Raises ConversionFailed.
    """
    tags = convert(data, demuxer, 1, f"-fs {_LONGEST_TAGS} -f ffmetadata").decode(errors="replace")
    of_file = _SECTION.split(tags)[0]
    found = {name.lower(): _ESCAPED.sub(r"\1", value) for name, value in _TAG.findall(of_file)}
    return found.get("title", ""), found.get("artist", "")


def _seekable(data: bytes) -> IO[bytes]:
    """Open bytes as a file in memory, since an M4A keeps its table of contents at its end, where no pipe reaches.

    Where the system has no files in memory, a nameless temporary file stands in.
    """
    memory = getattr(os, "memfd_create", None)
    file: IO[bytes] = open(memory("sound"), "w+b") if memory else tempfile.TemporaryFile()  # noqa: SIM115, PTH123
    file.write(data)
    file.seek(0)
    return file
