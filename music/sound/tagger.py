"""A net that learned to tag music as people do: musicnn (Pons and Serra 2019), trained on the Million Song Dataset.

Its last layer but one tells apart what statistics of the sound do not: genres, voices, instruments, decades. Of its
561 filters next to the sound, 497 answer nothing whatever is played; training.music leaves them out, which leaves a
tenth of the work. weights/tagger.txt names the source and its licence.
"""

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import pad, relu
from torchaudio.functional import melscale_fbanks

from music.sound.features import RATE
from music.sound.weight_files import WEIGHTS, read_weights

_FFT, _HOP, BANDS = 512, 256, 96  # samples: 32 ms and 16 ms; mel bands up to 8 kHz
FRAMES = 187  # of one look: the three seconds that the net was trained on
_LOOK = (FRAMES - 1) * _HOP + _FFT  # samples
_LOOKS = 3  # spread over the sound: five hear no better on clips of ten seconds
# Frames and bands that the filters next to the sound see: two kinds for timbre, three for rhythm.
SHAPES = ((7, 38), (7, 67), (128, 1), (64, 1), (32, 1))
MIDDLE, _MIDDLE_FRAMES = 64, 7  # channels and frames of the layers behind them
WIDTH = 200  # values of an impression


class Scale(nn.Module):
    """A factor and a shift for each channel: what batch normalisation is after training."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.factor, self.shift = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """The same shape [n, channels, ...]."""
        shape = (-1, *[1] * (x.dim() - 2))
        return x * self.factor.view(shape) + self.shift.view(shape)


class Filters(nn.Module):
    """Filters that see `frames` and `bands` at a time, as many frames come out as go in."""

    def __init__(self, wide: int, count: int, frames: int, bands: int) -> None:
        super().__init__()
        self.margins = (0, 0, (frames - 1) // 2, frames // 2)
        self.filters, self.scale = nn.Conv2d(wide, count, (frames, bands)), Scale(count)

    def forward(self, x: Tensor) -> Tensor:
        """[n, wide, frames, bands] -> [n, count, frames]: of all places among the bands, the strongest answer."""
        out: Tensor = self.scale(relu(self.filters(pad(x, self.margins)))).amax(3)
        return out


class Tagger(nn.Module):
    """`counts` says how many filters of each of SHAPES there are."""

    def __init__(self, counts: Sequence[int]) -> None:
        super().__init__()
        first = sum(counts)
        self.level = Scale(1)
        self.first = nn.ModuleList(
            Filters(1, count, *shape) for count, shape in zip(counts, SHAPES, strict=True)
        )
        self.middle = nn.ModuleList(
            Filters(wide, MIDDLE, _MIDDLE_FRAMES, 1) for wide in (first, MIDDLE, MIDDLE)
        )
        self.dense = nn.Linear(2 * (first + 3 * MIDDLE), WIDTH)

    def forward(self, spectra: Tensor) -> Tensor:
        """Log mel spectra [n, frames, BANDS] -> impressions [n, WIDTH]; 0 and more."""
        x = self.level(spectra[:, None])
        heard = torch.cat([filters(x) for filters in self.first], 1)
        every = torch.cat([heard, *self._deeper(heard)], 1)
        return relu(self.dense(torch.cat([every.amax(2), every.mean(2)], 1)))

    def _deeper(self, x: Tensor) -> Iterator[Tensor]:
        """What each layer of the middle adds, from the second on to the one before: [n, MIDDLE, frames]."""
        for depth, layer in enumerate(self.middle):
            x = layer(x[..., None]) + (x if depth else 0)
            yield x

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> "Tagger":
        """Read tagger.safetensors; raises BadWeights."""
        return read_weights("tagger", folder, lambda tensors, _: cls.of(tensors))

    @classmethod
    def of(cls, tensors: dict[str, Tensor]) -> "Tagger":
        """The net with these weights, whose shapes say how many filters it has. Raises KeyError and RuntimeError."""
        net = cls([len(tensors[f"first.{kind}.filters.bias"]) for kind in range(len(SHAPES))])
        net.load_state_dict(tensors)
        return net.requires_grad_(False)


def embedding_of(sound: Tensor) -> Tensor:
    """The mean [WIDTH] of what the net makes of _LOOKS looks at mono 16 kHz sound [samples]. Raises BadWeights."""
    if len(sound) < _LOOK:  # as in its training: what is too short is heard again and again
        sound = sound.repeat(-(-_LOOK // len(sound)))
    starts = torch.linspace(0, len(sound) - _LOOK, _LOOKS).long().tolist()
    looks = torch.stack([sound[start : start + _LOOK] for start in starts])
    impression: Tensor = _tagger()(spectra_of(looks)).mean(0)
    return impression


def spectra_of(looks: Tensor) -> Tensor:
    """Log mel spectra [n, frames, BANDS] of sounds [n, samples], as the net was trained on."""
    window = torch.hann_window(_FFT)
    power = torch.stft(looks, _FFT, _HOP, window=window, center=False, return_complex=True).abs().square()
    return torch.log10(10_000 * (_mel() @ power) + 1).transpose(1, 2)


@functools.cache
def _tagger() -> Tagger:
    return Tagger.load()


@functools.cache
def _mel() -> Tensor:
    filters: Tensor = melscale_fbanks(
        _FFT // 2 + 1, 0.0, RATE / 2, BANDS, RATE, norm="slaney", mel_scale="slaney"
    )
    return filters.T.contiguous()
