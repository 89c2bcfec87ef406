"""What music's errors and remarks say in English, for tests that judge the sentences."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from music.errors import MusicError
from music.sources import ImportedPlaylist
from music.wording import worded


@contextmanager
def refused(kind: type[MusicError], said: str) -> Iterator[pytest.ExceptionInfo[MusicError]]:
    """Expect an error whose sentence the regular expression `said` finds."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(said, worded(caught.value.problem))


def skipped(playlist: ImportedPlaylist) -> list[tuple[int, str]]:
    """Return the rows that became no track, and why."""
    return [(skip.row, worded(skip.reason)) for skip in playlist.skipped]


def problems(playlist: ImportedPlaylist) -> list[str]:
    """Return what is said of the whole list."""
    return list(map(worded, playlist.problems))
