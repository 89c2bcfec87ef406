"""The harder photos that finders are measured on: the face is where they say, and they are the same every time."""

import numpy as np
import pytest

from benchmarks.photos import CHANGES, ChangedPhoto, Photo, changed, middle_box
from inference.face.decode import decode
from inference.face.find import Box, crop
from tools import samples

PHOTO = Photo("drawn", 1, decode(samples.selfie(320)))
FACE = Box(100, 95, 120, 195, 1.0)


def shown(kind: str) -> ChangedPhoto:
    return changed(CHANGES[kind], PHOTO.picture, FACE, PHOTO.name)


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_is_the_same_each_time_and_leaves_the_photo_alone(kind: str) -> None:
    before = PHOTO.picture.copy()
    one, other = shown(kind), shown(kind)
    assert one.picture.dtype == np.uint8
    assert (one.picture == other.picture).all()
    assert (one.face, one.quarters) == (other.face, other.quarters)
    assert (PHOTO.picture == before).all()
    assert kind == "as they are" or not np.array_equal(one.picture, before)


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if "large" in kind or "turned" in kind])
def test_the_face_is_where_it_is_said_to_be(kind: str) -> None:
    there = shown(kind)
    height, width = np.rot90(there.picture, there.quarters).shape[:2]
    lying = there.face.turned(-there.quarters, height, width)
    face, original = (crop(p, box, 24) for p, box in ((there.picture, lying), (PHOTO.picture, FACE)))
    assert np.corrcoef(face.ravel(), original.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("kinds", [[3, 6, 9], [1, 2, 3]])
def test_light_goes_with_the_stops(kinds: list[int]) -> None:
    name = "{} stop{} darker" if 9 in kinds else "{} stop{} brighter"
    means = [shown(name.format(n, "s" * (n > 1))).picture.mean() for n in kinds]
    assert means == sorted(means, reverse=9 in kinds)


def test_a_photo_without_a_face_is_changed_in_its_middle() -> None:
    box = middle_box(np.zeros((90, 60, 3), np.uint8))
    assert (box.left, box.top, box.width, box.height) == (20, 30, 20, 30)
