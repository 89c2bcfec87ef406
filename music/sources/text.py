"""Bytes to text, and the small habits of text in playlists."""

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from music.sources.errors import UnsupportedFormat

MAX_LINE = 1_000_000  # characters
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
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
# What programs wrote before UTF-8, for scripts in which whole words lie beyond ASCII.
_OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp1253", "cp932", "gb18030", "big5", "cp949"]
_SAMPLE = 65_536  # bytes that the script is guessed from


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else the old code page that it looks like.

    Text that was read as Windows-1252 and saved as UTF-8 on its way ("KÃ¼nstler") is put right. Raises
    UnsupportedFormat when it is no text.
    """
    text = _decoded(data)
    if _CONTROL.search(text):
        raise UnsupportedFormat("This file is not a text file, so I can't find a playlist in it.")
    return text if text.isascii() else _without_double_encoding(text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves undefined become replacement characters.
        return data.decode(_old_code_page(data), errors="replace")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    # Excel's "Unicode text" without its mark: every other byte of the (mostly Latin) header is zero.
    if len(data) % 2 == 0 and b"\0" in data[:64]:
        return "utf-16-le" if data[:64:2].count(0) < data[1:64:2].count(0) else "utf-16-be"
    return "utf-8"


def _old_code_page(data: bytes) -> str:
    """Windows-1252 (Excel, old players) where accents stand alone; a guess where they stand in rows.

    The guess is left to other scripts: among Western code pages it is no better than a coin.
    """
    runs = _HIGH_BYTES.findall(data)
    if len(b"".join(runs)) < 8 or len(b"".join(runs)) < 1.8 * len(runs):
        return "cp1252"
    start = data.index(runs[0])
    best = from_bytes(data[start : start + _SAMPLE], cp_isolation=_OTHER_SCRIPTS).best()
    return best.encoding if best else "cp1252"


def _without_double_encoding(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def lines(text: str) -> Iterator[str]:
    """The lines with their ends, one at a time: a large file is not copied. Raises UnsupportedFormat."""
    for found in _LINE.finditer(text):
        if found.end() - found.start() > MAX_LINE:
            raise UnsupportedFormat(f"This file has a line of more than {MAX_LINE:,} characters.")
        yield found[0]


def artist_and_title(text: str) -> tuple[str, str]:
    """Take "Artist - Title" apart; the artist is empty where there is no dash with blanks around it."""
    parts = _DASH.split(text.strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else ("", text.strip())
