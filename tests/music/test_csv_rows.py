"""Quotation marks that are missing or too many, and cells without end."""

import csv
import io
import time

import pytest

from music.sources import ImportedPlaylist, read_playlist
from tests.music.sentences import skipped


def read(text: str) -> ImportedPlaylist:
    return read_playlist("list.csv", text.encode())


def pairs(playlist: ImportedPlaylist) -> list[tuple[str, str]]:
    return [(track.title, track.artist) for track in playlist.tracks]


def test_quoted_line_breaks_and_separators_stay_in_their_cell() -> None:
    assert pairs(read('title,artist\n"One, ""Two""\nThree",Band')) == [('One, "Two" Three', "Band")]


@pytest.mark.parametrize(
    "cell", ["A\nsubtitle", "A\n\n\nB", "oh, oh, oh\nla", "1,2\n3", "a\r\nb", 'say "yes"\nand go']
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_cells_of_several_lines(cell: str, place: int) -> None:
    row = ["Song", "Band", "Disc"]
    row[place] = cell
    text = io.StringIO()
    csv.writer(text).writerows([["title", "artist", "album"], row, ["Last", "B", "C"]])
    tracks = read(text.getvalue()).tracks
    assert len(tracks) == 2
    assert (tracks[0].title, tracks[0].artist, tracks[0].album) == tuple(
        " ".join(said.split()) for said in row
    )


HEAD = "Title,Artist\nA,1\n"
ROWS = [("A", "1"), ("Heroes", "Bowie"), ("B", "2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Heroes,Bowie\nB,2\nC",3\nD,4\n', [*ROWS, ('C"', "3"), ("D", "4")]),
        ('"Heroes, Bowie\nB,2\nC,3\n', [*ROWS, ("C", "3")]),
        ('"Heroes,Bowie\nB,2\n"C, the",3\n', [*ROWS, ("C, the", "3")]),
        ('"Heroes,Bowie\nB,2\n"C\nD",3\n', [*ROWS, ("C D", "3")]),
        ('"Heroes" live,Bowie\nB,2\n', [("A", "1"), ('"Heroes" live', "Bowie"), ("B", "2")]),
        ('"Heroes" , "Bowie"\nB,2\n', ROWS),
        ('12" mix,X\n"12"" mix",Y\n', [("A", "1"), ('12" mix', "X"), ('12" mix', "Y")]),
    ],
)
def test_a_lone_quotation_mark_costs_no_row(text: str, expected: list[tuple[str, str]]) -> None:
    playlist = read(HEAD + text)
    assert pairs(playlist) == expected
    assert playlist.skipped == ()


def test_a_lone_quotation_mark_before_many_rows() -> None:
    rows = "".join(f"B{i},{i}\n" for i in range(20_000))
    assert len(read(f'{HEAD}"Heroes,Bowie\n{rows}').tracks) == 20_002


@pytest.mark.parametrize("length", [1_001, 200_000, 1_500_000])
@pytest.mark.parametrize("mark", ["", '"'])
def test_an_overlong_cell_costs_its_row(length: int, mark: str) -> None:
    playlist = read(f"{HEAD}{mark}{'x' * length}{mark},B\nC,D\n")
    assert pairs(playlist) == [("A", "1"), ("C", "D")]
    assert [skip.row for skip in playlist.skipped] == [3]
    assert "characters" in skipped(playlist)[0][1]


@pytest.mark.parametrize("line", ['x","\n', '"x\n', '"""\n', '"a ""\n', '""",""\n', '"a,"b,"c\n', '",",",\n'])
def test_marks_on_every_line_do_not_run_away(line: str) -> None:
    began = time.process_time()
    playlist = read(HEAD + 20_000 * line)
    assert len(playlist.tracks) + len(playlist.skipped) > 20_000 / 21
    assert time.process_time() - began < 10
