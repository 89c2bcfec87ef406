"""Read entries of playlists and liked songs as Spotify's Web API gives them, in its old and its new shape."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from domain.tracks import Provenance, Track
from music.errors import Code, Problem
from music.sources.entries.cell_parsers import isrc, link, milliseconds


def read_entry(entry: object) -> Track | Problem:
    """Return the track of an entry, or why it holds none.

    Since 2026 a playlist's entries say `item` where they said `track`, and some say both; liked songs still say
    `track`. Inside a track object `track` is just true.
    """
    found = next(islice(_parts(entry), 1, None), None)
    if found is None:
        return Problem(Code.GONE_FROM_SPOTIFY)
    if found.get("type") == "episode" or (found.get("type") is None and "show" in found):
        return Problem(Code.EPISODE)
    title = _text(found.get("name"))
    return _track(title, found) if title else Problem(Code.NO_TITLE)


def read_online(entry: object) -> Track | Problem:
    """Return the track of an entry as read_entry does, unless it is a local file.

    Local files lie on somebody's own disk, and Spotify knows but what they are called.
    """
    is_local = any(part.get("is_local") for part in _parts(entry))
    return Problem(Code.LOCAL_FILE) if is_local else read_entry(entry)


def _parts(entry: object) -> Iterator[Mapping[str, Any]]:
    """Yield an entry and what it wraps."""
    if isinstance(entry, Mapping):
        yield entry
        yield from (part for key in ("item", "track") if isinstance(part := entry.get(key), Mapping))


def _track(title: str, found: Mapping[str, Any]) -> Track:
    album, codes, duration = found.get("album"), found.get("external_ids"), found.get("duration_ms")
    return Track(
        title=title,
        artist=", ".join(_names(found.get("artists"))),
        album=_text(album.get("name")) or None if isinstance(album, Mapping) else None,
        duration_s=milliseconds(str(duration)) if isinstance(duration, int) else None,
        isrc=isrc(_text(codes.get("isrc"))) if isinstance(codes, Mapping) else None,
        link=link(_text(found.get("id"))),
        provenance=Provenance.SPOTIFY_API,
    )


def _names(people: object) -> Iterator[str]:
    for person in people if isinstance(people, Sequence) else ():
        if isinstance(person, Mapping) and (name := _text(person.get("name"))):
            yield name


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
