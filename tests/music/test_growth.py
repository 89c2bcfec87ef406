"""The time that a file takes to be read grows with its length alone, whatever is in it."""

import contextlib
import json
import tracemalloc
from collections.abc import Callable

import pytest

from music.errors import PlaylistError
from music.sources import read_playlist
from tests.growth import grows_faster

# What is made of a piece, repeated.
FILES: dict[str, Callable[[int], str]] = {
    "a tag with a name that never ends": lambda length: "<a" + "b" * length,
    "a tag with blanks that never ends": lambda length: "<a" + " " * length,
    "a tag with values that never end": lambda length: "<a " + "b=" * length + '"">',
    "a tag with marks that never ends": lambda length: "<a " + '"' * length,
    "an object with keys that say nothing": lambda length: json.dumps(
        [{f"a{key}": 0 for key in range(length)}]
    ),
    "an object with keys that name artists": lambda length: json.dumps(
        [{f"artist {key}": 0 for key in range(length)}]
    ),
    "lists in lists": lambda length: f"[{'[[[[[]]]]],' * length}[]]",
    "objects in objects": lambda length: "[" + '{"a":{"b":{"title":{"title":[]}}}},' * length + "{}]",
    "tracks in tracks": lambda length: '{"tracks":' * 6 + "[" + "{}," * length + "[]]" + "}" * 6,
    "a list of numbers": lambda length: json.dumps([*range(length), {"title": ["a"] * length}]),
    "a header that says nothing": lambda length: ",".join(f"a{column}" for column in range(length)),
    "a header that names artists, and a row": lambda length: f"title,{_artists(length)}\n" + "a," * length,
    "a header that names artists, and short rows": lambda length: (
        f"title,{_artists(length)}\n" + "a\n" * length
    ),
    "elements in one with a long name": lambda length: f"<{'a' * length}>{'<b/>' * length}",
    "tags of upper case": lambda length: "<A>" + "<B></b>" * length,
}


def _artists(count: int) -> str:
    return ",".join(f"artist {number}" for number in range(count))


@pytest.mark.parametrize("kind", FILES)
def test_time_grows_with_the_length_alone(kind: str) -> None:
    def read(length: int) -> None:
        with contextlib.suppress(PlaylistError):
            read_playlist("list", FILES[kind](length).encode())

    assert not grows_faster(read)


@pytest.mark.parametrize(
    "data",
    [
        b"title\n" + b"\xe4a" * 500_000,
        b"title\n" + b"\1" * 1_000_000,
        b"<a" + b" " * 1_000_000,
        b"<A>" + b"<B/>" * 250_000,
    ],
    ids=["old letters", "control characters", "an endless tag", "tags of upper case"],
)
def test_memory_is_a_small_multiple_of_the_length(data: bytes) -> None:
    tracemalloc.start()
    try:
        with contextlib.suppress(PlaylistError):
            read_playlist("list", data)
        assert tracemalloc.get_traced_memory()[1] < 25 * len(data)
    finally:
        tracemalloc.stop()
