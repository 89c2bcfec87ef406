"""How faces are cut out, and how far they can be trusted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from inference.face.decode import decode
from inference.face.find import Box, Picture, crop, whole
from inference.face.finders import open_finder
from inference.face.quality import measure
from tools import samples

SIDE = 96

boxes = st.builds(
    Box, st.floats(-200, 400), st.floats(-200, 400), st.floats(1, 500), st.floats(1, 500), st.just(1.0)
)


@given(boxes, st.sampled_from([48, 96, 224]))
def test_any_box_gives_a_square_of_shades_that_were_there(box: Box, side: int) -> None:
    picture = np.full((150, 200, 3), 90, np.uint8)
    picture[40:90, 50:120] = 180
    face = crop(picture, box, side)
    assert face.shape == (side, side)
    assert 90 <= face.min() <= face.max() <= 180


@given(st.integers(24, 64), st.integers(24, 64))
def test_what_is_cut_out_already_stays_whole(width: int, height: int) -> None:
    rng = np.random.default_rng(width * 100 + height)
    picture = rng.integers(0, 256, (height, width, 1), np.uint8).repeat(3, 2)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    cut = crop(picture, whole(picture), side)
    if (width - side) % 2 == (height - side) % 2 == 0:
        assert (cut == picture[top : top + side, left : left + side, 0]).all()
    else:
        assert cut.shape == (side, side)


whole_boxes = st.builds(
    Box, st.integers(-90, 150), st.integers(-90, 150), st.integers(1, 200), st.integers(1, 200), st.just(0.9)
)


@given(whole_boxes, st.integers(0, 3), st.sampled_from([(90, 120), (120, 90)]))
def test_a_face_is_cut_out_upright_however_its_picture_lies(
    box: Box, quarters: int, shape: tuple[int, int]
) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    lying = np.rot90(picture, -quarters)
    there = box.turned(-quarters, *shape)
    assert (there.quarters, there.face_height) == (quarters, box.height)
    assert there.turned(quarters, *lying.shape[:2]) == box
    assert (crop(lying, there, 48) == crop(picture, box, 48)).all()


def test_a_face_of_the_data_set_is_read_pixel_by_pixel() -> None:
    face = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    picture = face[..., None].repeat(3, 2)
    assert (crop(picture, whole(picture), 48) == face).all()


@pytest.fixture(scope="module")
def face() -> Picture:
    picture = decode(samples.selfie())
    return crop(picture, open_finder().find(picture)[0], SIDE)


def weight(face: Picture | Image.Image, pixels: float = 200, faces: int = 1) -> float:
    return measure(np.asarray(face), pixels, faces)[0]["weight"]


def hints(face: Picture | Image.Image, pixels: float = 200, faces: int = 1) -> tuple[str, ...]:
    return measure(np.asarray(face), pixels, faces)[1]


def test_a_good_face_counts_in_full(face: Picture) -> None:
    assert weight(face) == pytest.approx(1)
    assert hints(face) == ()


def test_darkness_costs_trust_and_is_said(face: Picture) -> None:
    darker = [ImageEnhance.Brightness(Image.fromarray(face)).enhance(1 / 2**n) for n in range(6)]
    weights = [weight(image) for image in darker]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 0.1
    assert "more_light" in hints(darker[-1])


def test_glare_costs_trust_and_is_said(face: Picture) -> None:
    glaring = (255 - (255 - face.astype(int)) // 20).astype(np.uint8)
    assert weight(glaring) < 0.5
    assert "less_light" in hints(glaring)


def test_blur_costs_trust_and_is_said(face: Picture) -> None:
    blurred = [Image.fromarray(face).filter(ImageFilter.GaussianBlur(r)) for r in (0, 1, 2, 4, 8)]
    weights = [weight(image) for image in blurred]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 0.5
    assert "hold_still" in hints(blurred[-1])


def test_distance_costs_trust_and_is_said(face: Picture) -> None:
    weights = [weight(face, pixels) for pixels in (300, 48, 40, 30, 20, 5)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == weights[1] > weights[2]
    assert hints(face, 25) == ("come_closer",)


def test_more_faces_are_said_but_cost_nothing(face: Picture) -> None:
    assert hints(face, faces=2) == ("several_faces",)
    assert weight(face, faces=2) == weight(face)


@given(st.integers(0, 255), st.floats(1, 2000), st.integers(1, 9))
def test_measures_stay_within_their_scales(shade: int, pixels: float, faces: int) -> None:
    quality, _ = measure(np.full((SIDE, SIDE), shade, np.uint8), pixels, faces)
    assert 0 < quality["weight"] < 1
    assert quality["brightness"] == pytest.approx(shade / 255)
    assert quality["contrast"] == pytest.approx(0, abs=1e-6)
    assert quality["faces"] == faces
