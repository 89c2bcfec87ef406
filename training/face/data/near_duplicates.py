"""Find copies that are not exact: the same photograph cut, lit or compressed a little differently.

FER-2013's official split holds some 1,500 of them across its parts; a net that has trained on them has seen the test.
"""

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]

_MARGIN, _CELL = 3, 3  # pixels of 48: how far a copy may be shifted, and the size of what is compared
# Where a copy's upper left corner is tried: up to _MARGIN away, and _MARGIN itself, where it has not moved at all.
_SHIFTS = (0, 2, _MARGIN, 4, 6)
_BATCH = 4000
# Looked at on sheets of pairs: from .96 all are the same photograph, at .93 about half, below .92 hardly any.
DUPLICATE_FROM = 0.93


def highest_correlation(images: Images, to: Images) -> NDArray[np.float32]:
    """Return for each image [n, 48, 48] its highest correlation with any of `to` [m, 48, 48], -1..1.

    Images are shifted by up to three pixels either way or mirrored, and compared in cells of 3 x 3 pixels, so
    compression does not matter.
    """
    inner = slice(_MARGIN, -_MARGIN)
    best = np.full(len(images), -1, np.float32)
    sides = [_unit(images[:, inner, inner]), _unit(images[:, inner, inner][:, :, ::-1])]
    for top in _SHIFTS:
        for left in _SHIFTS:
            side = images.shape[1] - 2 * _MARGIN
            others = _unit(to[:, top : top + side, left : left + side]).T
            for mine in sides:
                for start in range(0, len(images), _BATCH):
                    part = slice(start, start + _BATCH)
                    best[part] = np.maximum(best[part], (mine[part] @ others).max(1))
    return best


def _unit(images: Images) -> NDArray[np.float32]:
    """Return the cells of images [n, side, side] as vectors of mean 0 and length 1."""
    cells = images.shape[1] // _CELL
    x = images.reshape(len(images), cells, _CELL, cells, _CELL).mean((2, 4), dtype=np.float32)
    x = x.reshape(len(images), -1)
    x -= x.mean(1, keepdims=True)
    out: NDArray[np.float32] = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)
    return out
