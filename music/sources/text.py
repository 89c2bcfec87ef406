"""Bytes to text, and the small habits of text in playlists."""

import codecs
import re

from music.sources.errors import UnsupportedFormat

# Longest first: the UTF-32 mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DASH = re.compile(r"\s+[-–—]\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else Windows-1252 (Excel, old players).

    Raises UnsupportedFormat when it is no text.
    """
    text = _decoded(data)
    if _CONTROL.search(text):
        raise UnsupportedFormat("This file is not a text file, so I can't find a playlist in it.")
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves undefined become replacement characters.
        return data.decode("cp1252", errors="replace")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    # Excel's "Unicode text" without its mark: every other byte of the (mostly Latin) header is zero.
    if len(data) % 2 == 0 and b"\0" in data[:64]:
        return "utf-16-le" if data[:64:2].count(0) < data[1:64:2].count(0) else "utf-16-be"
    return "utf-8"


def artist_and_title(text: str) -> tuple[str, str]:
    """Take "Artist - Title" apart; the artist is empty where there is no dash with blanks around it."""
    parts = _DASH.split(text.strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else ("", text.strip())
