"""Real people's exports hold as many tracks as were counted in them."""

import csv
from pathlib import Path

import pytest

from music.sources import read_playlist
from music.sources.errors import UnsupportedFormat
from tests.music.real_data import MUSIC, needs

FOLDER = MUSIC / "playlists"
INDEX = FOLDER / "playlists.csv"
ROWS = list(csv.DictReader(INDEX.read_text().splitlines())) if INDEX.exists() else []
READABLE = [row for row in ROWS if Path(row["path"]).suffix in (".csv", ".m3u")]

pytestmark = [pytest.mark.data, needs(INDEX)]


@pytest.mark.parametrize("row", READABLE, ids=lambda row: row["path"])
def test_every_track_is_read(row: dict[str, str]) -> None:
    playlist = read_playlist(row["path"], (FOLDER / row["path"]).read_bytes())
    assert len(playlist.tracks) == int(row["tracks"])
    assert playlist.skipped == ()
    assert sum(bool(track.title) for track in playlist.tracks) >= 0.97 * len(playlist.tracks)


@pytest.mark.parametrize("row", [row for row in ROWS if row not in READABLE], ids=lambda row: row["path"])
def test_other_formats_are_refused(row: dict[str, str]) -> None:
    with pytest.raises(UnsupportedFormat, match="can't read as a playlist yet"):
        read_playlist(row["path"], (FOLDER / row["path"]).read_bytes())


def test_the_index_lists_files_of_both_kinds() -> None:
    assert len(READABLE) >= 18
    assert len(ROWS) > len(READABLE)
