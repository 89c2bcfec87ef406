"""Read titles as lines and names of files give them."""

import re
from urllib.parse import unquote, urlsplit

_DASH = re.compile(r" [-–—] ")
_TRACK_NUMBER = re.compile(r"^\d{1,3}\s*[-._)]\s*(?=\S)")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def artist_and_title(text: str) -> tuple[str, str]:
    """Split "Artist - Title"; the artist is empty where there is no dash with blanks around it."""
    plain = " ".join(text.split())
    artist, *title = _DASH.split(plain, maxsplit=1)
    return (artist, title[0]) if title else ("", plain)


def file_title(entry: str) -> str:
    """Return what the name of a file says, without folders, track number and extension."""
    path = unquote(_path(entry)) if "://" in entry else entry
    stem = _EXTENSION.sub("", re.split(r"[/\\]", path.rstrip("/\\"))[-1])
    return _TRACK_NUMBER.sub("", stem.replace("_", " ").strip()) or entry


def _path(entry: str) -> str:
    try:
        return urlsplit(entry).path or entry
    except ValueError:
        return entry
