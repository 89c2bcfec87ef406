"""Faces as cameras might have seen them: [batch, 48, 48] uint8 in, [batch, 1, size, size] grey levels 0..255 out."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

_TURN, _SCALE, _SHIFT = 0.3, 0.15, 0.1  # radians (17 degrees), share of the size, share of half the picture
_BLURRED, _DARKENED, _GRAINY, _COVERED = 0.1, 0.06, 0.08, 0.15  # how many


def upscale(images: Tensor, size: int) -> Tensor:
    """The faces as they are."""
    return F.interpolate(images.float().unsqueeze(1), size=(size, size), mode="bilinear", align_corners=False)


def augment(images: Tensor, size: int) -> Tensor:
    """Mirrored, turned, scaled, shifted and lit differently; some blurred, dark, grainy, or with a patch covered."""
    return _cover(_grain(_darken(_light(_blur(_move(images.float().unsqueeze(1), size))))))


def _some(x: Tensor, changed: Tensor, share: float) -> Tensor:
    """`changed` in this share of the batch."""
    return torch.where((torch.rand(len(x)) < share)[:, None, None, None], changed, x)


def _spread(n: int, by: float) -> Tensor:
    """[n] numbers between -by and by."""
    return (torch.rand(n) * 2 - 1) * by


def _move(x: Tensor, size: int) -> Tensor:
    n = len(x)
    angle, scale = _spread(n, _TURN), 1 + _spread(n, _SCALE)
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [[cos * mirror, -sin, _spread(n, _SHIFT)], [sin * mirror, cos, _spread(n, _SHIFT)]]
    theta = torch.stack([torch.stack(row, 1) for row in rows], 1)
    return F.grid_sample(x, F.affine_grid(theta, [n, 1, size, size], False), "bilinear", "border", False)


def _blur(x: Tensor) -> Tensor:
    return _some(x, F.avg_pool2d(x, 5, 1, 2), _BLURRED)


def _light(x: Tensor) -> Tensor:
    gain, level = (_spread(len(x), by)[:, None, None, None] for by in (0.45, 40))
    return ((x - 127) * gain.exp() + 127 + level).clamp(0, 255)


def _darken(x: Tensor) -> Tensor:
    return _some(x, x * (0.1 + 0.5 * torch.rand(len(x), 1, 1, 1)), _DARKENED)


def _grain(x: Tensor) -> Tensor:
    """Noise of a deviation of up to 40 levels, as coarse as the pixels of the 48 that the face came with."""
    coarse = torch.randn(len(x), 1, 48, 48) * 40 * torch.rand(len(x), 1, 1, 1)
    fine = F.interpolate(coarse, size=x.shape[-2:], mode="bilinear", align_corners=False)
    return _some(x, (x + fine).clamp(0, 255), _GRAINY)


def _cover(x: Tensor) -> Tensor:
    size = x.shape[-1]
    for i in torch.nonzero(torch.rand(len(x)) < _COVERED).flatten().tolist():
        height, width = (int(v) for v in torch.randint(size // 8, size // 3, (2,)))
        top, left = int(torch.randint(0, size - height, ())), int(torch.randint(0, size - width, ()))
        x[i, :, top : top + height, left : left + width] = torch.rand(()) * 255
    return x
