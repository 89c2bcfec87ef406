"""Drawn faces are noticed, whatever the light; what slopes everywhere is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawings import STYLES, photographed
from inference.face.drawn import RELIEF_LIMIT, relief, with_drawing_hint
from inference.face.find import Box, Picture, crop
from inference.face.pose import SIDE
from inference.face.quality import grey_thumbnail

HEAD = Box(120, 90, 240, 310, 1.0)  # where the drawings have theirs


def drawn_face(style: str, page: bool = False) -> Picture:
    chance = np.random.default_rng(7)
    image = STYLES[style](chance)
    return grey_thumbnail(crop(np.asarray(photographed(image, chance) if page else image), HEAD, 96))


@pytest.mark.parametrize("page", [False, True], ids=["file", "photographed"])
@pytest.mark.parametrize("style", ["flat", "outlined", "lines", "anime", "shaded"])
def test_a_drawing_is_noticed(style: str, page: bool) -> None:
    quality, hints = with_drawing_hint(drawn_face(style, page), {"weight": 1.0}, ("come_closer",))
    assert quality["relief"] <= RELIEF_LIMIT
    assert quality["weight"] == 1
    assert hints == ("come_closer", "drawing")


@pytest.mark.parametrize("grain", [2, 8])
def test_what_slopes_everywhere_is_no_drawing(grain: float) -> None:
    """As skin does: soft light, and pores."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    skin = 90 + 80 * np.sin(2 * x + y) + np.random.default_rng(1).normal(0, grain, (SIDE, SIDE))
    quality, hints = with_drawing_hint(skin.astype(np.uint8), {}, ())
    assert quality["relief"] > RELIEF_LIMIT
    assert hints == ()


@given(st.integers(1, 8), st.integers(0, 30))
def test_light_and_contrast_change_nothing(contrast: int, light: int) -> None:
    steps = np.random.default_rng(2).integers(0, 28, (SIDE, SIDE)).astype(np.uint8)
    assert relief(steps * np.uint8(contrast) + np.uint8(light)) == pytest.approx(relief(steps), rel=1e-4)


def test_nothing_at_all_is_no_drawing() -> None:
    assert relief(np.full((SIDE, SIDE), 128, np.uint8)) == 1
