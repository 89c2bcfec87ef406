"""Augment faces as cameras might have seen them.

In come faces [n, 48, 48] uint8, out grey levels 0..255 [n, 1, size, size].
"""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

_TURN, _SCALE, _SHIFT = 0.3, 0.15, 0.1  # radians (17 degrees), share of the size, share of half the picture
_BLURRED, _DARKENED, _GRAINY, _COVERED = 0.1, 0.06, 0.08, 0.15  # how many
_MASKED, _SHADED, _CURVED = 0.12, 0.05, 0.3  # likewise: with a mask, with sunglasses, with another gamma
_MASK_TOP, _SHADES_TOP, _SHADES_HEIGHT = (
    (0.5, 0.68),
    (0.22, 0.34),
    (0.12, 0.2),
)  # shares of the height of FER's crops


def upscale(images: Tensor, size: int) -> Tensor:
    """Return faces [n, 48, 48] as they are, enlarged to [n, 1, size, size]."""
    return F.interpolate(images.float().unsqueeze(1), size=(size, size), mode="bilinear", align_corners=False)


def augment(images: Tensor, size: int) -> Tensor:
    """Draw faces [n, 48, 48] anew as cameras might have seen them: moved, mirrored, lit and corrupted at random.

    All are mirrored or not, turned, scaled, shifted and lit differently; some are blurred, dark, grainy, wear a mask
    or sunglasses, or have a patch covered. Returns grey levels 0..255 [n, 1, size, size].
    """
    faces = put_on_sunglasses(put_on_mask(change_gamma(images.float().unsqueeze(1))))
    return _cover(_grain(_darken(_light(_blur(_move(faces, size))))))


def _in_a_share(x: Tensor, changed: Tensor, share: float) -> Tensor:
    """Return a batch with a share of it, drawn at random, as it is in `changed`."""
    return torch.where((torch.rand(len(x)) < share)[:, None, None, None], changed, x)


def _around_zero(n: int, by: float) -> Tensor:
    """Draw [n] numbers between -by and by."""
    return (torch.rand(n) * 2 - 1) * by


def _between(n: int, low: float, high: float) -> Tensor:
    """Draw [n, 1, 1, 1] numbers between low and high."""
    return torch.rand(n, 1, 1, 1) * (high - low) + low


def change_gamma(faces: Tensor, share: float = _CURVED) -> Tensor:
    """Bend the tone curve of a share of faces [n, 1, h, w] as cameras do in the shade and in the sun."""
    return _in_a_share(faces, 255 * (faces / 255) ** _between(len(faces), -0.7, 0.7).exp(), share)


def put_on_mask(faces: Tensor, share: float = _MASKED) -> Tensor:
    """Draw a medical mask on a share of faces [n, 1, h, w]: one grey over nose, mouth and chin.

    Its upper edge is bowed, and it has faint folds.
    """
    n = len(faces)
    rows, columns = _places(faces)
    bow = (columns - 0.5) ** 2 * _between(n, 0, 0.6)
    top, half_width = _between(n, *_MASK_TOP), _between(n, 0.3, 0.5)
    covered = (rows > top + bow) & ((columns - 0.5).abs() < half_width)
    folds = 8 * torch.sin(rows * _between(n, 20, 60))
    return _in_a_share(
        faces, torch.where(covered, (_between(n, 20, 250) + folds).clamp(0, 255), faces), share
    )


def put_on_sunglasses(faces: Tensor, share: float = _SHADED) -> Tensor:
    """Draw dark glasses on a share of faces [n, 1, h, w]: a bar over the eyes."""
    n = len(faces)
    rows, _ = _places(faces)
    top = _between(n, *_SHADES_TOP)
    covered = (rows > top) & (rows < top + _between(n, *_SHADES_HEIGHT))
    return _in_a_share(faces, torch.where(covered, _between(n, 0, 60).expand_as(faces), faces), share)


def _places(faces: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far down [1, 1, h, 1] and across [1, 1, 1, w] each pixel lies, 0..1."""
    height, width = faces.shape[-2:]
    return torch.arange(height).view(1, 1, -1, 1) / height, torch.arange(width).view(1, 1, 1, -1) / width


def _move(x: Tensor, size: int) -> Tensor:
    n = len(x)
    angle, scale = _around_zero(n, _TURN), 1 + _around_zero(n, _SCALE)
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [[cos * mirror, -sin, _around_zero(n, _SHIFT)], [sin * mirror, cos, _around_zero(n, _SHIFT)]]
    theta = torch.stack([torch.stack(row, 1) for row in rows], 1)
    return F.grid_sample(x, F.affine_grid(theta, [n, 1, size, size], False), "bilinear", "border", False)


def _blur(x: Tensor) -> Tensor:
    return _in_a_share(x, F.avg_pool2d(x, 5, 1, 2), _BLURRED)


def _light(x: Tensor) -> Tensor:
    gain, level = (_around_zero(len(x), by)[:, None, None, None] for by in (0.45, 40))
    return ((x - 127) * gain.exp() + 127 + level).clamp(0, 255)


def _darken(x: Tensor) -> Tensor:
    return _in_a_share(x, x * (0.1 + 0.5 * torch.rand(len(x), 1, 1, 1)), _DARKENED)


def _grain(x: Tensor) -> Tensor:
    """Add noise of up to 40 grey levels to some, as coarse as the 48 pixels that the face came with."""
    coarse = torch.randn(len(x), 1, 48, 48) * 40 * torch.rand(len(x), 1, 1, 1)
    fine = F.interpolate(coarse, size=x.shape[-2:], mode="bilinear", align_corners=False)
    return _in_a_share(x, (x + fine).clamp(0, 255), _GRAINY)


def _cover(x: Tensor) -> Tensor:
    size = x.shape[-1]
    for i in torch.nonzero(torch.rand(len(x)) < _COVERED).flatten().tolist():
        height, width = (int(v) for v in torch.randint(size // 8, size // 3, (2,)))
        top, left = int(torch.randint(0, size - height, ())), int(torch.randint(0, size - width, ()))
        x[i, :, top : top + height, left : left + width] = torch.rand(()) * 255
    return x
