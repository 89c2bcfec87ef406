"""Measure the sound of music: statistics of its loudness, timbre, rhythm and harmony.

All of them look below 8 kHz, so that a compressed clip and a studio file of the same music look alike.
"""

import functools
import itertools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torchaudio.functional import create_dct, melscale_fbanks

RATE = 16_000  # Hz
SHORTEST_S = 2.0  # seconds; less holds no rhythm
_FFT, _HOP = 2048, 512  # samples: 128 ms and 32 ms
_CHROMA_FFT, _CHROMA_HOP = 8192, 2048  # samples: semitones apart down to 65 Hz
_BANDS, _CEPSTRA, _GROUPS = 48, 20, 8
_FRAMES_PER_S = RATE / _HOP
_TEMPI = (40.0, 220.0)  # beats per minute
_MODULATIONS = ((0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 15.0))  # Hz
# How well each of the twelve tones fits a key, by listeners' ratings (Krumhansl and Kessler 1982).
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_TINY = 1e-10


def loudness_of(sound: Tensor) -> float:
    """Return the level of mono sound [samples] in decibels below full scale (dBFS); -100 for silence."""
    return float(10 * torch.log10(sound.square().mean() + _TINY))


@dataclass(frozen=True, slots=True)
class Frames:
    """Hold what all statistics are made of: mono 16 kHz `sound` [samples] and its `level` in dBFS.

    Of the sound brought to -20 dBFS: `power` spectra [bins, frames], their `logs`, logarithms of mel `bands` [bands,
    frames], and `onsets` [frames - 1]: how much louder the bands become from frame to frame.
    """

    sound: Tensor
    level: float
    power: Tensor
    logs: Tensor
    bands: Tensor
    onsets: Tensor

    @classmethod
    def of(cls, sound: Tensor) -> "Frames":
        """Analyse mono 16 kHz sound [samples], at least SHORTEST_S long."""
        level = loudness_of(sound)
        power = _power(sound * 10 ** (-(max(level, -80.0) + 20) / 20), _FFT, _HOP)
        bands = torch.log(_mel() @ power + 1e-6)
        onsets = bands.diff(dim=1).clamp(min=0).mean(0)
        return cls(sound, level, power, torch.log(power + _TINY), bands, onsets)


def features_of(frames: Frames) -> Tensor:
    """Return the statistics [d] of a sound; how loud it is changes only the first."""
    parts = [
        torch.tensor([frames.level]),
        _course(_dct().T @ frames.bands),
        frames.bands.mean(1),
        frames.bands.std(1),
        _loudness_course(frames.power),
        _shape(frames.power, frames.logs),
        _contrast(frames.logs),
        _rhythm(frames.onsets),
        _modulation(frames.bands),
        _harmony(frames.sound),
    ]
    return torch.nan_to_num(torch.cat([part.flatten().float() for part in parts]))


def tempo_of(frames: Frames) -> float | None:
    """Return the tempo in beats per minute; None where nothing repeats. Half or double is a common error."""
    correlation = _pulses(frames.onsets)
    tempi = _tempi(len(correlation))
    # People tap near two beats a second: tempi far from it need a clearer pulse (a log-normal, an octave wide).
    weighted = correlation * torch.exp(-0.5 * torch.log2(tempi / 120).square())
    best = int(weighted.argmax())
    return float(tempi[best]) if correlation[best] > 0.1 else None


def _power(sound: Tensor, size: int, hop: int) -> Tensor:
    """Return power spectra [bins, frames]."""
    spectra = torch.stft(sound, size, hop, window=torch.hann_window(size), return_complex=True)
    return spectra.real.square() + spectra.imag.square()


def _course(x: Tensor) -> Tensor:
    """Return six statistics of each row of [k, n]: [6, k].

    They are mean, deviation, 10th and 90th percentile, and mean and deviation of the change.
    """
    change = x.diff(dim=1).abs()
    low, high = torch.quantile(x, torch.tensor([0.1, 0.9]), dim=1)
    return torch.stack([x.mean(1), x.std(1), low, high, change.mean(1), change.std(1)])


def _loudness_course(power: Tensor) -> Tensor:
    """Return how the level moves: its course in dB, the share of quiet frames, and how peaked it is."""
    level = 10 * torch.log10(power.sum(0) + _TINY)[None]
    mean = power.sum(0).mean()
    quiet = (power.sum(0) < mean / 2).float().mean()
    return torch.cat(
        [_course(level).flatten(), quiet[None], (power.sum(0).max() / (mean + _TINY)).log()[None]]
    )


def _shape(power: Tensor, logs: Tensor) -> Tensor:
    """Return the course of the spectra's centre, spread, roll-off, flatness and flux."""
    hertz, total = torch.linspace(0, 1, power.shape[0]), power.sum(0) + _TINY
    centre, square = torch.stack([hertz, hertz.square()]) @ power / total
    spread = (square - centre.square()).clamp(min=0).sqrt()
    rolloff = (power.cumsum(0) < 0.85 * total).float().mean(0)
    flatness = logs.mean(0) - torch.log(power.mean(0) + _TINY)
    amplitude = (power / total).sqrt()
    flux = torch.cat([torch.zeros(1), amplitude.diff(dim=1).square().sum(0).sqrt()])
    return _course(torch.stack([centre, spread, rolloff, flatness, flux]))


def _contrast(logs: Tensor) -> Tensor:
    """Return the course of peaks against valleys in seven octaves: tones stand out, noise does not."""
    edges = [0, *(int(logs.shape[0] * 2.0**-k) for k in range(6, 0, -1)), logs.shape[0]]
    # NumPy sorts frames of numbers ten times as fast as torch, which keeps account of where they were.
    octaves = (torch.from_numpy(np.sort(logs[low:high].T.numpy())) for low, high in itertools.pairwise(edges))
    return _course(torch.stack([_quantile(octave, 0.95) - _quantile(octave, 0.1) for octave in octaves]))


def _quantile(ordered: Tensor, share: float) -> Tensor:
    """Return the quantile of each row of [k, n] with rising values, interpolated between two of them."""
    place = share * (ordered.shape[1] - 1)
    low = int(place)
    high = min(low + 1, ordered.shape[1] - 1)
    return ordered[:, low].lerp(ordered[:, high], place - low)


def _pulses(onsets: Tensor) -> Tensor:
    """Return the autocorrelation of the onsets at the lags of _TEMPI, 1 at no lag."""
    centred = onsets - onsets.mean()
    size = 2 * len(centred)
    spectrum = torch.fft.rfft(centred, size)
    correlation = torch.fft.irfft(spectrum.abs().square(), size)
    first = int(60 * _FRAMES_PER_S / _TEMPI[1])
    last = min(int(60 * _FRAMES_PER_S / _TEMPI[0]), len(centred) - 1)
    pulses: Tensor = correlation[first : last + 1] / (correlation[0] + _TINY)
    return pulses


def _tempi(count: int) -> Tensor:
    """Return the tempi in beats per minute that `count` lags from the shortest on stand for."""
    first = int(60 * _FRAMES_PER_S / _TEMPI[1])
    return 60 * _FRAMES_PER_S / torch.arange(first, first + count)


def _rhythm(onsets: Tensor) -> Tensor:
    """Return how strong, how many and how even the onsets are, and the pulse at tempi from slow to fast."""
    peaks = (onsets[1:-1] > onsets[:-2]) & (onsets[1:-1] >= onsets[2:])
    strong = peaks & (onsets[1:-1] > onsets.mean() + onsets.std())
    pulses = _pulses(onsets)
    whole = torch.nn.functional.interpolate(pulses[None, None], 24, mode="linear")[0, 0]
    summary = [
        onsets.mean(),
        onsets.std(),
        onsets.max(),
        strong.float().mean(),
        peaks.float().mean(),
        pulses.max(),
    ]
    best = _tempi(len(pulses))[pulses.argmax()]
    return torch.cat([torch.stack(summary), torch.log2(best / 120)[None], whole])


def _modulation(bands: Tensor) -> Tensor:
    """Return how much groups of bands swell and fade, from slow (sighs) to fast (roughness): [groups, 5]."""
    groups = bands.unflatten(0, (_GROUPS, -1)).mean(1)
    spectrum = torch.fft.rfft(groups - groups.mean(1, keepdim=True), dim=1).abs().square() / groups.shape[1]
    hertz = torch.fft.rfftfreq(groups.shape[1], 1 / _FRAMES_PER_S)
    shares = [spectrum[:, (hertz >= low) & (hertz < high)].sum(1) for low, high in _MODULATIONS]
    return torch.log(torch.stack(shares, 1) + 1e-4)


def _harmony(sound: Tensor) -> Tensor:
    """Return how clear and how major the key is, how much the harmony moves, and the chroma.

    The chroma (how strong each of the twelve tones is) begins at its strongest tone.
    """
    chroma = _chroma() @ _power(sound, _CHROMA_FFT, _CHROMA_HOP).sqrt()
    chroma = chroma / (chroma.sum(0) + _TINY)
    mean = chroma.mean(1)
    major, minor = _fit(mean, _MAJOR), _fit(mean, _MINOR)
    entropy = -(chroma * torch.log(chroma + _TINY)).sum(0)
    by_frame = _fits(chroma, _MAJOR).max(0).values - _fits(chroma, _MINOR).max(0).values
    change = chroma.diff(dim=1).abs().sum(0)
    summary = [major, minor, major - minor, entropy.mean(), entropy.std(), by_frame.mean(), by_frame.std()]
    turned = mean.roll(-int(mean.argmax()))
    return torch.cat([torch.stack([*summary, change.mean(), change.std()]), turned, mean.sort().values])


def _fit(mean: Tensor, profile: tuple[float, ...]) -> Tensor:
    """Return the best correlation of a mean chroma [12] with a key's profile on any tone."""
    return _fits(mean[:, None], profile).max()


def _fits(chroma: Tensor, profile: tuple[float, ...]) -> Tensor:
    """Correlate each frame of [12, frames] with the key's profile on each of the twelve tones.

    It returns [12, frames].
    """
    keys = torch.stack([torch.tensor(profile).roll(tone) for tone in range(12)])
    keys = (keys - keys.mean(1, keepdim=True)) / keys.std(1, keepdim=True)
    centred = chroma - chroma.mean(0)
    return keys @ (centred / (chroma.std(0) + _TINY)) / 12


@functools.cache
def _mel() -> Tensor:
    filters: Tensor = melscale_fbanks(_FFT // 2 + 1, 30.0, RATE / 2, _BANDS, RATE)
    return filters.T.contiguous()


@functools.cache
def _dct() -> Tensor:
    matrix: Tensor = create_dct(_CEPSTRA, _BANDS, "ortho")
    return matrix


@functools.cache
def _chroma() -> Tensor:
    """Return [12, bins]: the tone of a frequency from 65 to 2100 Hz, half and half between two of them."""
    hertz = torch.linspace(0, RATE / 2, _CHROMA_FFT // 2 + 1)
    tone = 12 * torch.log2(hertz.clamp(min=1) / 440)
    apart = (tone[None] - torch.arange(12)[:, None] + 6) % 12 - 6
    heard = (hertz >= 65) & (hertz <= 2100)
    return (1 - apart.abs()).clamp(min=0) * heard
