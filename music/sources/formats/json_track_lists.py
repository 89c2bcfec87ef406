"""Find the lists of tracks within a JSON document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from music.sources.formats.column_names import LONGEST_NAME, Column, find_columns, meaning

_MAX_DEPTH = 8
_LONGEST_TEXT = 10_000  # characters, and parts of a list
_CONTAINERS = (dict, list)
_MAX_KEYS = 500  # of an object that is a track; the widest exports name a hundred things
# What Spotify wraps the entries of a playlist in, in its Web API and in the data that it sends on request.
_WRAPPERS = ("item", "track", "episode", "localTrack")
# Keys under which a playlist has its tracks, also where there is null instead of them.
_TRACKS = ("items", "tracks", "songs")
# Lists under such names hold no tracks, but may hold albums that do.
_OTHERS = frozenset({"artist", "creator", "album", "genre"})
_UNWANTED = "banned"  # what somebody hid at Spotify


@dataclass(frozen=True, slots=True)
class TrackList:
    """Hold the entries of a list that lies under `key`.

    `name` is that of whatever encloses the list most closely and has a name; it may be empty.
    """

    name: str
    key: str
    entries: list[Any]

    @property
    def _objects(self) -> Iterator[dict[str, Any]]:
        return (entry for entry in self.entries if isinstance(entry, dict))

    @property
    def is_wrapped(self) -> bool:
        """Tell whether the list is Spotify's, with each track inside an entry."""
        return any(map(is_wrapper, self._objects))

    @property
    def names_artists(self) -> bool:
        """Tell whether the entries are more than things with names, such as genres."""
        return any(Column.ARTIST in columns_of(entry) for entry in self._objects)

    @property
    def is_of_tracks(self) -> bool:
        """Tell whether any entry may be a track, or the list is where tracks should be."""
        titled = any(Column.TITLE in columns_of(entry) for entry in self._objects)
        return titled or self.is_wrapped or (self.key in _TRACKS and None in self.entries)


def lists_of_tracks(
    value: Any, name: str = "", key: str = "", depth: int = _MAX_DEPTH
) -> Iterator[TrackList]:
    """Yield the lists of tracks within a parsed document, in its order, down to `depth` levels."""
    if not depth:
        return
    if isinstance(value, dict):
        name = text_of(value.get("title") or value.get("name")) or name
        of_others = bool(meaning(key) & _OTHERS)
        for inner_key, inner in value.items():
            if not inner_key.startswith(_UNWANTED):
                under = key if of_others and inner_key not in _TRACKS else inner_key
                yield from lists_of_tracks(inner, name, under, depth - 1)
    elif isinstance(value, list):
        yield from _of_list(value, name, key, depth)


def _of_list(value: list[Any], name: str, key: str, depth: int) -> Iterator[TrackList]:
    """Yield the list itself, or those within its entries; entries between them that hold none are kept."""
    found: list[TrackList] = [TrackList(name, key, [])]
    for entry in value:
        inner = _within(entry, name, depth - 1) if entry and isinstance(entry, _CONTAINERS) else None
        if inner is None:
            found[-1].entries.append(entry)
        else:
            found += [*inner, TrackList(name, key, [])]
    if len(found) > 1:
        yield from (part for part in found if part.entries)
    elif found[0].is_of_tracks and not meaning(key) & _OTHERS:
        yield found[0]


def _within(entry: dict[str, Any] | list[Any], name: str, depth: int) -> list[TrackList] | None:
    """Return the lists of tracks within an entry; None where it is no playlist, but may be a track."""
    columns = columns_of(entry)
    if is_wrapper(entry) or Column.ARTIST in columns:
        return None
    found = list(lists_of_tracks(entry, name, depth=depth))
    if Column.TITLE in columns:  # contributors and genres of a track have names, too
        found = [part for part in found if part.key in _TRACKS or part.names_artists or part.is_wrapped]
    empty = isinstance(entry, dict) and any(key in entry and not entry[key] for key in _TRACKS)
    return found if found or empty else None


def is_wrapper(entry: Any) -> bool:
    """Tell whether an entry is Spotify's, around a track or around nothing."""
    inner = [entry[key] for key in _WRAPPERS if key in entry] if isinstance(entry, dict) else []
    wraps = any(isinstance(value, dict) for value in inner)
    return wraps or (None in inner and Column.TITLE not in columns_of(entry))


def columns_of(entry: Any) -> Mapping[Column, list[str]]:
    """Return the keys of an object by the columns that they name, without those whose value says nothing."""
    if not isinstance(entry, dict) or len(entry) > _MAX_KEYS:
        return {}
    return _columns(
        tuple(
            key
            for key, value in entry.items()
            if value is not None and not isinstance(value, bool) and len(key) <= LONGEST_NAME
        )
    )


@lru_cache(1000)
def _columns(keys: tuple[str, ...]) -> Mapping[Column, list[str]]:
    return {column: [keys[place] for place in places] for column, places in find_columns(keys).items()}


def text_of(value: Any, depth: int = _MAX_DEPTH) -> str:
    """Say a JSON value in one line: an object by its name, a list by its parts, `depth` levels down; empty for null.

    What is longer than anything that is kept is cut off.
    """
    if isinstance(value, list):
        parts = (text_of(part, depth - 1) for part in value[:_LONGEST_TEXT]) if depth else ()
        return ", ".join(filter(None, parts))[:_LONGEST_TEXT]
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return " ".join(str(value)[:_LONGEST_TEXT].split()) if isinstance(value, str | int | float) else ""
