"""Define CenterFace's net: a MobileNetV2 brought back to a quarter of the picture's size, and heads for each place."""

from torch import Tensor, nn

# MobileNetV2 (Sandler et al. 2018, table 2), a row per stage: factor of expansion, channels, blocks, stride.
_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
_TAPS = {1: 24, 2: 32, 4: 96, 6: 320}  # stage -> channels: the last ones at strides 4, 8, 16 and 32
_WIDTH = 24
STRIDE = 32  # pixels: both sides of the input are multiples of it
CELL = 4  # pixels of the input to a place of the output


def _conv(inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups)
    return nn.Sequential(convolution, nn.ReLU(inplace=True))


class _Block(nn.Module):
    """Apply an inverted residual: widen, filter each channel, narrow."""

    def __init__(self, inputs: int, outputs: int, factor: int, stride: int) -> None:
        super().__init__()
        wide = inputs * factor
        layers: list[nn.Module] = [_conv(inputs, wide)] if factor > 1 else []
        self.layers = nn.Sequential(*layers, _conv(wide, wide, 3, stride, wide), nn.Conv2d(wide, outputs, 1))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x)
        return x + out if self.residual else out


def _stage(inputs: int, factor: int, outputs: int, blocks: int, stride: int) -> nn.Sequential:
    first = _Block(inputs, outputs, factor, stride)
    return nn.Sequential(first, *(_Block(outputs, outputs, factor, 1) for _ in range(blocks - 1)))


class CenterFaceNet(nn.Module):
    """Tell of every place of CELL x CELL pixels whether a face's middle is here, how large it is, and where exactly.

    It points at both eyes, the nose and both corners of the mouth, too. Normalisation is part of the convolutions'
    weights already.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _conv(3, 32, 3, 2)
        widths = [32, *(channels for _, channels, _, _ in _STAGES)]
        self.stages = nn.ModuleList(_stage(width, *row) for width, row in zip(widths, _STAGES, strict=False))
        self.sides = nn.ModuleDict({str(n): _conv(channels, _WIDTH) for n, channels in _TAPS.items()})
        self.ups = nn.ModuleList(nn.ConvTranspose2d(_WIDTH, _WIDTH, 2, 2) for _ in range(3))
        self.neck = _conv(_WIDTH, _WIDTH, 3)
        self.centre = nn.Conv2d(_WIDTH, 1, 1)
        self.size = nn.Conv2d(_WIDTH, 2, 1)
        self.shift = nn.Conv2d(_WIDTH, 2, 1)
        self.points = nn.Conv2d(_WIDTH, 10, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Map one RGB picture 0..255 [1, 3, height, width], sides multiples of STRIDE, to what is known of its places.

        - scores 0..1 [rows, columns];
        - logarithms of height and width [2, rows, columns], in places;
        - the shift down and right from the place's middle to the face's [2, rows, columns], in places;
        - how far down and right in the box, as shares of its height and width, are the left eye, the right one, the
          nose, the mouth's left and right corner [10, rows, columns]. Left is the picture's.
        """
        x, sides = self.stem(pictures), []
        for n, stage in enumerate(self.stages):
            x = stage(x)
            if n in _TAPS:
                sides.append(self.sides[str(n)](x))
        x = sides.pop()
        for up in self.ups:
            x = up(x).relu() + sides.pop()
        x = self.neck(x)
        return self.centre(x)[0, 0].sigmoid(), self.size(x)[0], self.shift(x)[0], self.points(x)[0]
