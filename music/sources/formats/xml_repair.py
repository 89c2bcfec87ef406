"""Repair XML of programs that don't know XML: old encodings, bare ampersands, tags as in HTML."""

import codecs
import re

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
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,10};)")
_TAG = re.compile(r"""<(/?)([A-Za-z][\w:.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*("[^"]*"|'[^']*'|[^\s"'<>]+?(?=\s|/?$))""")


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
    return _TAG.sub(_tidy, _BARE_AMPERSAND.sub("&amp;", text)).encode()


def _tidy(tag: re.Match[str]) -> str:
    attributes = _ATTRIBUTE.sub(lambda found: f"{found[1]}={_quoted(found[2])}", tag[3])
    return f"<{tag[1]}{tag[2].casefold()}{attributes}>"


def _quoted(value: str) -> str:
    return value if value[0] in "\"'" else f'"{value}"'
