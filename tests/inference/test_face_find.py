"""How faces are cut out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference.face.decode import decode
from inference.face.find import Box, crop, whole_picture
from tools import samples

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
    cut = crop(picture, whole_picture(picture), side)
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
    assert (crop(picture, whole_picture(picture), 48) == face).all()


@pytest.mark.parametrize("tilt", [-40, 15, 40])
def test_a_head_that_leans_is_straightened(tilt: int) -> None:
    picture = decode(samples.selfie(width=300))
    height, width = picture.shape[:2]
    box = Box(width / 2 - 50, height / 2 - 65, 100, 130, 1)
    leaning = np.asarray(Image.fromarray(picture).rotate(-tilt, Image.Resampling.BILINEAR))
    upright, straightened = crop(picture, box, 48), crop(leaning, box, 48, tilt=tilt)
    within = slice(8, -8)
    assert np.corrcoef(upright[within, within].ravel(), straightened[within, within].ravel())[0, 1] > 0.95


@given(boxes, st.floats(-60, 60))
def test_straightening_invents_no_shades(box: Box, tilt: float) -> None:
    picture = np.full((150, 200, 3), 90, np.uint8)
    picture[40:90, 50:120] = 180
    face = crop(picture, box, 48, tilt=tilt)
    assert face.shape == (48, 48)
    assert 90 <= face.min() <= face.max() <= 180
