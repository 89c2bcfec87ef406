"""Spoilt faces: the same for everybody, worse from strength to strength."""

import numpy as np
import pytest

from inference.face.decode import decode
from inference.face.find import crop
from inference.face.finders import open_finder
from tools import samples
from training.face.data.corruptions import STRENGTHS


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    picture = decode(samples.selfie())
    return np.stack([crop(picture, open_finder().find(picture)[0], 48)] * 4)


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_strength_changes_more(name: str, faces: np.ndarray) -> None:
    spoil, strengths = STRENGTHS[name]
    before = faces.copy()
    results = [spoil(faces, strength) for strength in strengths]
    assert all(r.shape == faces.shape and r.dtype == np.uint8 for r in results)
    changes = [np.abs(r.astype(int) - faces).mean() for r in results]
    assert 0 < changes[0] < changes[1] < changes[2]
    assert (faces == before).all()
    assert all((spoil(faces, s) == r).all() for s, r in zip(strengths, results, strict=True))
