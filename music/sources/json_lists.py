"""Playlists in JSON: JSPF, Spotify's API and account data, and any list of objects that name titles."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from music.sources import values
from music.sources.errors import UnsupportedFormat
from music.sources.imported import ImportedPlaylist
from music.sources.spotify_items import read_entry
from music.sources.tables import Table, is_header, read_rows
from music.sources.text import artist_and_title
from music.tracks import Track

_MAX_DEPTH = 4  # how deep within the file a list of tracks may lie
_SAMPLE = 20  # entries that tell what a list holds
_UNKNOWN = "This is a JSON file, but I find no list of tracks in it."


def read_json(name: str, text: str) -> ImportedPlaylist:
    """Tracks in the order of the file. `name` is what to call the list when it does not say so itself.

    Raises UnsupportedFormat, and FileTooLarge.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UnsupportedFormat("This JSON file is damaged, or breaks off before its end.") from None
    for read in (read_jspf, _spotify_account, _spotify_error, _spotify_pages, _objects):
        if playlist := read(name, value):
            return playlist
    raise UnsupportedFormat(_UNKNOWN)


def read_jspf(name: str, value: Any) -> ImportedPlaylist | None:
    """The playlist of a JSPF document; None for any other."""
    playlist = _get(value, "playlist")
    entries = _get(playlist, "track")
    if not isinstance(entries, list):
        return None
    rows = enumerate(map(_jspf_track, entries), 1)
    return ImportedPlaylist.of(_words(_get(playlist, "title"))[:100] or name, "jspf", rows)


def _jspf_track(entry: Any) -> Track | str:
    title, location = _words(_get(entry, "title")), _words(_get(entry, "location"))
    if not title and not values.address(location):
        return "neither a title nor a link"
    artist = _words(_get(entry, "creator"))
    if not artist:
        artist, title = artist_and_title(title)
    return Track(
        title,
        artist,
        _words(_get(entry, "album")) or None,
        values.milliseconds(_words(_get(entry, "duration"))),
        link=values.address(location),
    )


def _spotify_account(name: str, value: Any) -> ImportedPlaylist | None:
    """The account data that Spotify sends on request: all playlists in one file."""
    lists = _get(value, "playlists")
    entries = [_get(playlist, "items") for playlist in lists] if isinstance(lists, list) else []
    if not entries or not all(isinstance(items, list) for items in entries):
        return None
    rows = enumerate((_account_track(item) for items in entries for item in items), 1)
    if len(lists) == 1:
        return ImportedPlaylist.of(_words(_get(lists[0], "name")) or name, "spotify-account", rows)
    problem = f"The file holds {len(lists)} playlists; I read them as one."
    return ImportedPlaylist.of(name, "spotify-account", rows, [problem])


def _account_track(item: Any) -> Track | str:
    track = _get(item, "track")
    title = _words(_get(track, "trackName"))
    if not title:
        kinds = {
            "episode": "an episode of a podcast",
            "localTrack": "a file on a device: nothing but its path",
        }
        return next((kind for key, kind in kinds.items() if _get(item, key)), "null")
    return Track(
        title,
        _words(_get(track, "artistName")),
        _words(_get(track, "albumName")) or None,
        link=values.link(_words(_get(track, "trackUri"))),
    )


def _spotify_error(name: str, value: Any) -> ImportedPlaylist | None:
    error = _get(value, "error")
    if not isinstance(_get(error, "status"), int):
        return None
    said = (
        f"The file holds an error of Spotify's instead of a playlist: {_words(_get(error, 'message'))[:100]}."
    )
    return ImportedPlaylist.of(name, "spotify-api", (), [said])


def _spotify_pages(name: str, value: Any) -> ImportedPlaylist | None:
    """A playlist, or a page of one, as the Web API gives it; both its old and its new names for things."""
    inner = (
        _get(value, "items"),
        _get(_get(value, "items"), "items"),
        _get(_get(value, "tracks"), "items"),
        value,
    )
    entries = next((part for part in inner if isinstance(part, list)), None)
    if entries is None or not any(isinstance(_wrapped(entry), Mapping) for entry in entries[:_SAMPLE]):
        return None
    rows = enumerate(map(read_entry, entries), 1)
    return ImportedPlaylist.of(_words(_get(value, "name"))[:100] or name, "spotify-api", rows)


def _wrapped(entry: Any) -> Any:
    return _get(entry, "item") or _get(entry, "track")


def _objects(name: str, value: Any) -> ImportedPlaylist | None:
    """A list of objects, as a table whose columns are their keys."""
    entries = next(_lists_of_tracks(value, _MAX_DEPTH), None)
    if entries is None:
        return None
    header = _keys(entries)
    table = Table(header, lambda: enumerate(([_words(_get(e, key)) for key in header] for e in entries), 1))
    called = _words(_get(value, "title") or _get(value, "name"))[:100]
    return read_rows(called or name, "json", table)


def _lists_of_tracks(value: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(value, list) and is_header(_keys(value)):
        yield value
    elif depth:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for part in islice(inner, 1000):
            yield from _lists_of_tracks(part, depth - 1)


def _keys(entries: Sequence[Any]) -> list[str]:
    """The names that the first objects of a list use, in their order."""
    objects = (entry for entry in entries[:_SAMPLE] if isinstance(entry, dict))
    return list(dict.fromkeys(key for entry in objects for key in entry))


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _words(value: Any) -> str:
    """What a value says: an object by its name, a list by its parts."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title")
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
