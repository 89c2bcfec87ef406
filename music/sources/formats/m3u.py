"""Read M3U and M3U8: a path or address per line, with its title and length in a comment before it."""

import re
from collections.abc import Iterator

from domain.tracks import Track
from music.errors import Code, Problem
from music.sources.entries import cell_parsers
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.entries.titles import artist_and_title, file_title
from music.sources.formats.decoding import lines

MAX_ENTRY = 4000  # characters; the longest paths that systems allow have about as many
# #EXTINF:203 key="value",Artist - Title. Attributes may hold commas inside their quotes.
_EXTINF = re.compile(r'#EXTINF:\s*(-?[\d.]+)?((?:\s+[\w-]+="[^"]*")*)\s*,?(.*)', re.IGNORECASE)
_NAME = re.compile(r"#PLAYLIST:\s*(.+)", re.IGNORECASE)


def read_m3u(name: str, text: str) -> ImportedPlaylist:
    """Read the tracks of an M3U list, in its order; `name` is for the list where the file has none."""
    called = (found[1].strip() for line in lines(text) if (found := _NAME.fullmatch(line.strip())))
    return ImportedPlaylist.of(next(called, name), "m3u", _rows(text))


def _rows(text: str) -> Iterator[tuple[int, Track | Problem]]:
    info: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate((line.strip() for line in lines(text)), 1):
        if len(line) > MAX_ENTRY:
            yield number, Problem(Code.LONG_LINE, limit=MAX_ENTRY)
        elif described := _EXTINF.fullmatch(line):
            yield from _left_over(info)
            info = number, described
        elif line and not line.startswith("#"):
            yield number, _track(line, info[1] if info else None)
            info = None
    yield from _left_over(info)


def _left_over(info: tuple[int, re.Match[str]] | None) -> Iterator[tuple[int, Problem]]:
    if info:
        yield info[0], Problem(Code.TITLE_ALONE)


def _track(entry: str, info: re.Match[str] | None) -> Track:
    described = info[3].strip() if info else ""
    return player_track(entry, described, info[1] if info and info[1] else "")


def player_track(entry: str, described: str, duration: str = "") -> Track:
    """Make a track of a path or address `entry` and, as players write it, "Artist - Title" (or empty).

    `duration` is in seconds, or empty.
    """
    artist, title = artist_and_title(described or file_title(entry))
    return Track(
        title=title,
        artist=artist,
        duration_s=cell_parsers.duration_s(duration),
        link=cell_parsers.http_address(entry),
    )
