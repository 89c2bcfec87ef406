"""Describe music by a net that learned to tag it as people do: musicnn (Pons and Serra 2019).

It was trained on the Million Song Dataset. Its last layer but one tells apart what statistics of the sound do not:
genres, voices, instruments, decades. Of its 561 filters next to the sound, 497 answer nothing whatever is played;
training.music leaves them out, which leaves a tenth of the work. weights/tagger.txt names the source and its licence.
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
FRAMES = 187  # of one excerpt: the three seconds that the net was trained on
_EXCERPT_SAMPLES = (FRAMES - 1) * _HOP + _FFT
_EXCERPT_COUNT = 3  # spread over the sound: five hear no better on clips of ten seconds
# Frames and bands that the filters next to the sound see: two kinds for timbre, three for rhythm.
SHAPES = ((7, 38), (7, 67), (128, 1), (64, 1), (32, 1))
MIDDLE, _MIDDLE_FRAMES = 64, 7  # channels and frames of the layers behind them
WIDTH = 200  # values of an embedding


class Scale(nn.Module):
    """Scale and shift each channel: what batch normalisation is after training."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.factor, self.shift = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Return the same shape [n, channels, ...]."""
        shape = (-1, *[1] * (x.dim() - 2))
        return x * self.factor.view(shape) + self.shift.view(shape)


class Filters(nn.Module):
    """Filter `frames` and `bands` at a time; as many frames come out as go in."""

    def __init__(self, wide: int, count: int, frames: int, bands: int) -> None:
        super().__init__()
        self.margins = (0, 0, (frames - 1) // 2, frames // 2)
        self.filters, self.scale = nn.Conv2d(wide, count, (frames, bands)), Scale(count)

    def forward(self, x: Tensor) -> Tensor:
        """Map [n, wide, frames, bands] to [n, count, frames]: the strongest answer among the bands."""
        out: Tensor = self.scale(relu(self.filters(pad(x, self.margins)))).amax(3)
        return out


class Tagger(nn.Module):
    """Compute embeddings of spectra; `counts` says how many filters of each of SHAPES there are."""

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
        """Map log mel spectra [n, frames, BANDS] to embeddings [n, WIDTH], whose values are 0 and more."""
        x = self.level(spectra[:, None])
        heard = torch.cat([filters(x) for filters in self.first], 1)
        every = torch.cat([heard, *self._deeper(heard)], 1)
        return relu(self.dense(torch.cat([every.amax(2), every.mean(2)], 1)))

    def _deeper(self, x: Tensor) -> Iterator[Tensor]:
        """Yield what each layer of the middle makes [n, MIDDLE, frames]; all but the first add to the last."""
        for depth, layer in enumerate(self.middle):
            x = layer(x[..., None]) + (x if depth else 0)
            yield x

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> "Tagger":
        """Read tagger.safetensors from a folder. Raises BadWeights."""
        return read_weights("tagger", folder, lambda tensors, _: cls.of(tensors))

    @classmethod
    def of(cls, tensors: dict[str, Tensor]) -> "Tagger":
        """Build the net with these weights, whose shapes say how many filters it has.

        Raises KeyError and RuntimeError.
        """
        net = cls([len(tensors[f"first.{kind}.filters.bias"]) for kind in range(len(SHAPES))])
        net.load_state_dict(tensors)
        return net.requires_grad_(False)


def embedding_of(sound: Tensor) -> Tensor:
    """Return the mean embedding [WIDTH] of excerpts of mono 16 kHz sound [samples]. Raises BadWeights."""
    if len(sound) < _EXCERPT_SAMPLES:  # as in its training: what is too short is heard again and again
        sound = sound.repeat(-(-_EXCERPT_SAMPLES // len(sound)))
    starts = torch.linspace(0, len(sound) - _EXCERPT_SAMPLES, _EXCERPT_COUNT).long().tolist()
    excerpts = torch.stack([sound[start : start + _EXCERPT_SAMPLES] for start in starts])
    embedding: Tensor = _tagger()(spectra_of(excerpts)).mean(0)
    return embedding


def spectra_of(excerpts: Tensor) -> Tensor:
    """Return log mel spectra [n, frames, BANDS] of sounds [n, samples], as the net was trained on."""
    window = torch.hann_window(_FFT)
    power = torch.stft(excerpts, _FFT, _HOP, window=window, center=False, return_complex=True).abs().square()
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
