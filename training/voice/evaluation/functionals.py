"""Measure a voice without learning: 127 statistics of its spectrum, its pitch and its pace.

Such statistics over a whole sound are called functionals.
"""

import functools

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from torchaudio.functional import create_dct, melscale_fbanks

from inference.voice.decode import RATE, Sound
from inference.voice.net import standardise

COUNT = 127
_FRAME, _HOP = 640, 160  # samples: 40 ms hold two periods of a low voice
_FFT = 2048  # holds the whole correlation of a frame with itself
_BANDS, _CEPSTRA = 24, 13
_LAGS = slice(RATE // 400, RATE // 60)  # samples: voices from 400 down to 60 Hz
_VOICED = 0.45  # of full correlation; Boersma 1993 takes the same
_HIGHER = 0.02  # of correlation for each octave: a voice at 200 Hz repeats itself at 100 Hz just as well
_WINDOW = np.hanning(_FRAME).astype(np.float32)
_Values = NDArray[np.float32]


def functionals(sound: Sound) -> _Values:
    """Return statistics [COUNT] of mono 16 kHz sound of at least 40 ms.

    Its level tells nothing, since it is standardised.
    """
    frames = sliding_window_view(standardise(sound), _FRAME)[::_HOP] * _WINDOW
    power = np.abs(np.fft.rfft(frames, _FFT)).astype(np.float32) ** 2
    bands = np.log(power @ _mel() + 1e-6)
    level = np.log(power.sum(1, keepdims=True) + 1e-6)
    return np.concatenate(
        [
            _course(bands @ _dct()),
            bands.mean(0),
            bands.std(0),
            _course(level)[1:],  # the mean is about the same for all
            _melody(power),
            _brightness(power),
            [np.log(len(sound) / RATE)],
        ]
    ).astype(np.float32)


def _course(x: _Values) -> _Values:
    """Return mean, deviation, 10th and 90th percentile and mean change of each column of [frames, k]: [5 k]."""
    changes = np.abs(np.diff(x, axis=0)).mean(0) if len(x) > 1 else np.zeros(x.shape[1])
    return np.concatenate([x.mean(0), x.std(0), *np.percentile(x, [10, 90], axis=0), changes])


def _melody(power: _Values) -> _Values:
    """Return the course of pitch, the share of voiced frames, and the mean strength of voicing: [7].

    Pitch, in semitones over 100 Hz, is where the autocorrelation is highest, that of the window divided out and
    higher pitches favoured a little (Boersma 1993).
    """
    window = _correlation(np.abs(np.fft.rfft(_WINDOW, _FFT))[None] ** 2)
    correlation = (_correlation(power) / window)[:, _LAGS]
    lags = np.arange(_LAGS.start, _LAGS.stop)
    strength = correlation.max(1)
    voiced = strength > _VOICED
    period = lags[(correlation - _HIGHER * np.log2(lags)).argmax(1)]
    semitones = 12 * np.log2(RATE / 100 / period)
    course = _course(semitones[voiced, None]) if voiced.any() else np.zeros(5)
    return np.concatenate([course, [voiced.mean(), strength.mean()]])


def _correlation(power: _Values) -> _Values:
    """Return the autocorrelation [frames, lags] of power spectra, 1 at no lag."""
    correlation = np.fft.irfft(power)
    return (correlation / (correlation[:, :1] + 1e-9)).astype(np.float32)


def _brightness(power: _Values) -> _Values:
    """Return mean and deviation of the spectral centroid, as a share of 8 kHz: [2]."""
    middle = power @ np.linspace(0, 1, power.shape[1]) / (power.sum(1) + 1e-9)
    return np.array([middle.mean(), middle.std()])


@functools.cache
def _mel() -> _Values:
    filters: _Values = melscale_fbanks(_FFT // 2 + 1, 50.0, RATE / 2, _BANDS, RATE).numpy()
    return filters


@functools.cache
def _dct() -> _Values:
    matrix: torch.Tensor = create_dct(_CEPSTRA, _BANDS, "ortho")
    out: _Values = matrix.numpy()
    return out
