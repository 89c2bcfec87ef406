"""Repair XML of programs that don't know XML: old encodings, bare ampersands, tags as in HTML."""

import codecs
import re
from collections.abc import Iterator

from music.sources.formats.decoding import decode

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
# What expat doesn't read by itself, and what is really written by programs that say so.
_EAST_ASIAN = {
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "euc_kr": "cp949",
}
_CODE_PAGES = ("cp", "iso8859", "koi8", "mac", "shift_jis", "euc_", "iso2022_", "gb", "big5")
# Possessive: whatever a part took, no other part could take, and trying that costs the square of a tag's length.
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,10};)")
_TAG = re.compile(r"""<(/?)([A-Za-z][\w:.-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'<>]++)""")
_AT_ONCE = 1_000_000  # characters; what a substitution holds until it is done is many times as large


def as_utf8(data: bytes) -> bytes:
    """Convert a document to UTF-8 if it declares one of the old code pages; return any other as it is."""
    declared = _ENCODING.match(data[:200])
    page = _code_page(declared[1].decode()) if declared else ""
    return data[declared.end() :].decode(page, errors="replace").encode() if declared and page else data


def _code_page(declared: str) -> str:
    try:
        name = codecs.lookup(declared.removeprefix("x-")).name
    except LookupError:
        return ""
    return _EAST_ASIAN.get(name, name) if name.startswith(_CODE_PAGES) else ""


def repair(data: bytes) -> bytes:
    """Put right what players write wrong: a bare "&", <Entry> closed by </entry>, values without quotes."""
    text = _DECLARATION.sub("", decode(data).lstrip("\ufeff"))
    return b"".join(_TAG.sub(_tidy, _BARE_AMPERSAND.sub("&amp;", part)).encode() for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts of some length, all but the first of which begin with a tag."""
    begin = 0
    while begin < len(text):
        end = text.find("<", begin + _AT_ONCE)
        end = len(text) if end < 0 else end
        yield text[begin:end]
        begin = end


def _tidy(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{tag[2].casefold()}{_ATTRIBUTE.sub(_quoted, tag[3])}>"


def _quoted(attribute: re.Match[str]) -> str:
    """Put a value between quotation marks, if it has none and ends with a blank, the tag or the "/" before its end."""
    name, value = attribute.groups()
    following = attribute.string[attribute.end() : attribute.end() + 2]
    if value[0] in "\"'":
        return f"{name}={value}"
    if following and not following[0].isspace():
        return attribute[0]
    closing = "/" if following in ("", "\n") and value.endswith("/") and value != "/" else ""
    return f'{name}="{value.removesuffix(closing)}"{closing}'
