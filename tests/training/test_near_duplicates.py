"""Copies are told from other faces, however they were cut and lit."""

import numpy as np
import pytest

from tests.training.faces import Grey, noise
from training.face.data.near_duplicates import DUPLICATE_FROM, highest_correlation

FACE = noise(1)


@pytest.mark.parametrize(
    "copy",
    [FACE, FACE[:, ::-1], (FACE * 0.5 + 40).astype(np.uint8)],
    ids=["exact", "mirrored", "lit differently"],
)
def test_a_copy_in_its_place_is_wholly_alike(copy: Grey) -> None:
    others = np.stack([noise(2), copy, noise(3)])
    assert highest_correlation(FACE[None], others) == pytest.approx([1], abs=1e-3)


@pytest.mark.parametrize("down", [-3, 0, 3])
@pytest.mark.parametrize("right", [-3, -1, 1, 3])
def test_a_copy_may_be_shifted(down: int, right: int) -> None:
    assert highest_correlation(np.roll(FACE, (down, right), (0, 1))[None], FACE[None])[0] > DUPLICATE_FROM


def test_other_faces_are_not_alike() -> None:
    faces = np.stack([noise(seed) for seed in range(40)])
    assert highest_correlation(faces[:20], faces[20:]).max() < 0.8


def test_each_image_has_its_own_likeness() -> None:
    images = np.stack([noise(1), noise(2)])
    alike, other = highest_correlation(images, noise(1)[None])
    assert alike == pytest.approx(1)
    assert other < 0.8
