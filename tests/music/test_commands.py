"""`python -m music` as people run it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.music.real_data import ROOT

TABLE = (
    "title,artist,valence,energy\n"
    + "\n".join(f"Song {i},Band {i},{i / 21},{i / 21}" for i in range(1, 21))
    + "\n\n"
)


@pytest.fixture
def playlist(tmp_path: Path) -> Path:
    path = tmp_path / "evening.csv"
    path.write_text(TABLE)
    return path


def run(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "music", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == status, done.stderr
    return done


def test_import_prints_the_playlist(playlist: Path) -> None:
    printed: dict[str, Any] = json.loads(run("import", playlist, "--json").stdout)
    assert (printed["format"], printed["name"]) == ("csv", "evening")
    assert printed["ms"] > 0
    assert [track["title"] for track in printed["tracks"]] == [f"Song {i}" for i in range(1, 21)]
    assert printed["skipped"] == [{"row": 22, "reason": "blank row"}]
    assert printed["problems"] == []


def test_select_walks_to_the_goal(playlist: Path) -> None:
    mood = ("--valence", "-0.7", "--arousal", "-0.2")
    printed = json.loads(
        run(
            "select",
            "--playlist",
            playlist,
            *mood,
            "--mode",
            "regulate",
            "--goal",
            "joy",
            "--n",
            "3",
            "--json",
        ).stdout
    )
    assert [track["reason"]["step"] for track in printed["tracks"]] == [1, 2, 3]
    assert all(track["link"].startswith("https://www.youtube.com/") for track in printed["tracks"])
    moods = [track["mood"]["valence"] for track in printed["tracks"]]
    assert moods == sorted(moods)


def test_select_without_json_prints_lines(playlist: Path) -> None:
    lines = run(
        "select", "--playlist", playlist, "--valence", "0", "--arousal", "0", "--mode", "match"
    ).stdout
    assert len(lines.splitlines()) == 5
    assert all(line.startswith("Band ") and " – Song " in line for line in lines.splitlines())


def test_import_of_a_file_without_tracks_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"error": {"status": 404, "message": "Resource not found"}}')
    printed = json.loads(run("import", path, "--json").stdout)
    assert (printed["tracks"], printed["skipped"]) == ([], [])
    assert "Resource not found" in printed["problems"][0]


@pytest.mark.parametrize("content", ["", "{}", None])
def test_what_is_no_playlist_is_said_in_one_sentence(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_text(content)
    error = run("import", path, "--json", status=1)
    assert error.stdout == ""
    assert len(error.stderr.strip().splitlines()) == 1
