"""Real people's exports, players' lists and services' answers hold as many tracks as were counted in them."""

import csv
from pathlib import Path

import pytest

from music.sources import read_playlist
from tests.music.real_data import MUSIC, needs

FOLDER = MUSIC / "playlists"
INDEX = FOLDER / "playlists.csv"
ROWS = list(csv.DictReader(INDEX.read_text().splitlines())) if INDEX.exists() else []
# Entries of these files that are no tracks: one file on somebody's device, of which only the path is known.
SKIPPED = {"spotify_account_export_playlists.json": 1}

pytestmark = [pytest.mark.data, needs(INDEX)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_every_track_is_read(row: dict[str, str]) -> None:
    playlist = read_playlist(row["path"], (FOLDER / row["path"]).read_bytes())
    assert len(playlist.tracks) == int(row["tracks"])
    assert len(playlist.skipped) == SKIPPED.get(row["path"], 0)
    assert sum(bool(track.title) for track in playlist.tracks) >= 0.97 * len(playlist.tracks)
    assert row["format"].startswith(playlist.format.split("-")[0]) or playlist.format == "csv"


def test_the_index_lists_files_of_many_kinds() -> None:
    assert len({Path(row["path"]).suffix for row in ROWS}) >= 6
