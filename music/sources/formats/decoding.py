"""Turn bytes into text, and text into lines."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from music.errors import Code, Problem, UnsupportedFormat
from music.sources.formats.code_pages import old_code_page

# Longest first: the UTF-32 mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE = 65_536  # bytes after the first one beyond ASCII


def decode(data: bytes) -> str:
    """Decode a file by its byte order mark, else as UTF-8, else by the old code page that it looks like.

    Text that was read as Windows-1252 and saved as UTF-8 on its way ("KÃ¼nstler") is put right. A few control
    characters become blanks, as does the Ctrl-Z at the end of old files. Raises UnsupportedFormat when it is no text.
    """
    text = _decoded(data).rstrip("\x1a")
    most = len(text) // 100
    if controls := sum(1 for _ in islice(_CONTROL.finditer(text), most + 1)):
        if controls > most:
            raise UnsupportedFormat(Problem(Code.NOT_TEXT))
        text = _CONTROL.sub(" ", text)
    return text if text.isascii() else _without_double_encoding(text)


def _decoded(data: bytes) -> str:
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # Damaged bytes, and the five that Windows-1252 leaves undefined, become replacement characters.
        damaged = encoding != "utf-8" or _is_damaged_utf8(data)
        return data.decode(encoding if damaged else old_code_page(data), errors="replace")


def _encoding(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    # Excel's "Unicode text" without its mark: every other byte of the (mostly Latin) header is zero.
    if len(data) % 2 == 0 and b"\0" in data[:64]:
        return "utf-16-le" if data[:64:2].count(0) < data[1:64:2].count(0) else "utf-16-be"
    return "utf-8"


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell whether letters of several bytes are mostly right, as no old code page makes them by chance."""
    first = _BEYOND_ASCII.search(data)
    sample = data[first.start() :][:_SAMPLE].decode("utf-8", errors="replace") if first else ""
    beyond = len(sample) - len(sample.encode("ascii", errors="ignore"))
    return beyond >= 4 * sample.count("\ufffd")


def _without_double_encoding(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends, one at a time: a large file is not copied."""
    for found in _LINE.finditer(text):
        yield found[0]
