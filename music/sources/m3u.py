"""M3U and M3U8: a path or address per line, with its title and length in a comment before it."""

import re
from urllib.parse import unquote, urlsplit

from music.sources.imported import ImportedPlaylist, Skipped
from music.sources.text import artist_and_title
from music.sources.values import duration_s
from music.tracks import Track

# #EXTINF:203 key="value",Artist - Title. Attributes may hold commas inside their quotes.
_EXTINF = re.compile(r'#EXTINF:\s*(-?[\d.]+)?((?:\s+[\w-]+="[^"]*")*)\s*,?(.*)', re.IGNORECASE)
_NAME = re.compile(r"#PLAYLIST:\s*(.+)", re.IGNORECASE)
_TRACK_NUMBER = re.compile(r"^\d{1,3}\s*[-._)]\s*(?=\S)")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def read_m3u(name: str, text: str) -> ImportedPlaylist:
    """Tracks of an M3U list, in its order. `name` is what to call the list when it does not say so itself."""
    tracks: list[Track] = []
    skipped: list[Skipped] = []
    info: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate((line.strip() for line in text.splitlines()), 1):
        if described := _EXTINF.fullmatch(line):
            skipped += _left_over(info)
            info = number, described
        elif called := _NAME.fullmatch(line):
            name = called[1].strip()
        elif line and not line.startswith("#"):
            tracks.append(_track(line, info[1] if info else None))
            info = None
    return ImportedPlaylist(name, tuple(tracks), (*skipped, *_left_over(info)))


def _left_over(info: tuple[int, re.Match[str]] | None) -> list[Skipped]:
    return [Skipped(info[0], "a title without a file or address")] if info else []


def _track(entry: str, info: re.Match[str] | None) -> Track:
    described = info[3].strip() if info else ""
    artist, title = artist_and_title(described or file_title(entry))
    return Track(
        title=title,
        artist=artist,
        duration_s=duration_s(info[1]) if info and info[1] else None,
        link=_address(entry),
    )


def _address(entry: str) -> str | None:
    is_address = entry.lower().startswith(("https://", "http://")) and not re.search(r"\s", entry)
    return entry if is_address else None


def file_title(entry: str) -> str:
    """What the name of the file says, without folders, track number and extension."""
    path = unquote(_path(entry)) if "://" in entry else entry
    stem = _EXTENSION.sub("", re.split(r"[/\\]", path.rstrip("/\\"))[-1])
    return _TRACK_NUMBER.sub("", stem.replace("_", " ").strip()) or entry


def _path(entry: str) -> str:
    try:
        return urlsplit(entry).path or entry
    except ValueError:
        return entry
