"""Run ffmpeg as a process that may read nothing but what it is given, and is ended in time."""

import os
import re
import subprocess
import tempfile
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


class ConversionFailed(Exception):
    """Report that ffmpeg could not make what was asked for out of the bytes."""


def demuxer_of(data: bytes) -> str | None:
    """Return ffmpeg's demuxer for a file by its first SIGNATURE_BYTES; None where ffmpeg is not needed or no help."""
    return next((name for at, magic, name in _DEMUXERS if data[at : at + len(magic)] == magic), None)


def convert(source: bytes | Path, demuxer: str, seconds: float, target: str) -> bytes:
    """Return what ffmpeg makes of the first `seconds` of a file, by its output options `target`.

    `demuxer` is how the file is opened, whatever it claims to be. `-timelimit` (SECONDS of computing) ends ffmpeg even
    when this process was killed meanwhile. Raises ConversionFailed.
    """
    opened = f"-protocol_whitelist fd -f {demuxer} -i fd: -t {seconds}"
    options = f"-nostdin -hide_banner -loglevel error -nostats -timelimit {SECONDS} {opened} {target}"
    try:
        with source.open("rb") if isinstance(source, Path) else _seekable(source) as file:
            done = subprocess.run(  # noqa: S603  (our own list of arguments, the bytes on standard input)
                [imageio_ffmpeg.get_ffmpeg_exe(), *options.split(), "-threads", "1", "pipe:1"],
                stdin=file,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as error:
        raise ConversionFailed(demuxer) from error
    return done.stdout


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
