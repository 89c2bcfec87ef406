"""What the benchmark of the finders counts as found."""

import numpy as np
import pytest

from benchmarks.finders import intersection_over_union, measure, subject_of
from benchmarks.photos import Photo
from inference.face.find import Box, Picture

PERSON = np.full((90, 120, 3), 40, np.uint8)
PERSON[20:60, 30:60] = 250
FACE = Box(30, 20, 30, 40, 0.9)
ONE, NONE = Photo("one", 1, PERSON), Photo("none", 0, np.full((90, 120, 3), 40, np.uint8))


class Bright:
    """Takes what is bright for a face; knows of turned pictures only when it is told so."""

    def __init__(self, quarters: int = 0) -> None:
        self.quarters = quarters

    def find(self, picture: Picture) -> list[Box]:
        rows, columns = np.nonzero(picture.min(2) > 180)
        if not len(rows):
            return []
        left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        wide = right - left > bottom - top
        quarters = self.quarters if wide else 0
        return [Box(float(left), float(top), float(right - left), float(bottom - top), 0.9, quarters)]


def found(finder: Bright, kind: str) -> tuple[int, int]:
    figures = measure(finder, kind, [subject_of(finder, photo) for photo in (ONE, NONE, ONE)])
    assert (figures.faces, figures.empty) == (2, 1)
    return figures.found, figures.wrong


@pytest.mark.parametrize("kind", ["as they are", "50 % as large", "JPEG quality 30", "turned by 180 degrees"])
def test_the_face_counts_where_it_has_gone_and_only_upright(kind: str) -> None:
    assert found(Bright(), kind) == ((0, 0) if "turned" in kind else (2, 0))


def test_a_turned_face_counts_when_the_finder_says_how_it_lies() -> None:
    assert found(Bright(quarters=1), "turned by 90 degrees") == (2, 0)
    assert found(Bright(quarters=3), "turned by 90 degrees") == (0, 0)


def test_what_is_found_in_an_empty_photo_is_wrong() -> None:
    assert found(Bright(), "3 stops brighter")[1] == 0
    bright = measure(Bright(), "as they are", [subject_of(Bright(), Photo("wall", 0, PERSON))])
    assert (bright.faces, bright.empty, bright.wrong) == (0, 1, 1)


def test_overlap_is_intersection_over_union() -> None:
    assert intersection_over_union(FACE, FACE) == 1
    assert intersection_over_union(FACE, Box(45, 20, 30, 40, 1)) == pytest.approx(1 / 3)
    assert intersection_over_union(FACE, Box(90, 20, 30, 40, 1)) == 0
