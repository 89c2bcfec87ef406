"""The time that a file takes to be read grows with its length alone, whatever is in it."""

import contextlib
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
    "tags of upper case": lambda length: "<A>" + "<B></b>" * length,
}


@pytest.mark.parametrize("kind", FILES)
def test_time_grows_with_the_length_alone(kind: str) -> None:
    def read(length: int) -> None:
        with contextlib.suppress(PlaylistError):
            read_playlist("list", FILES[kind](length).encode())

    assert not grows_faster(read)
