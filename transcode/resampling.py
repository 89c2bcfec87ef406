"""Bring sound to another sample rate, in bounded memory whatever rate a file names."""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

RATES = range(4_000, 384_001)  # Hz: what recorders have
_LARGEST_KERNEL = 2**19  # coefficients: 4 MiB as torchaudio computes them


def resample(sound: "Tensor", rate: int, target: int) -> "Tensor":
    """Resample sound [samples] from `rate` to `target` Hz; its pitch is kept, or moved by less than 0.1 %.

    torchaudio's kernel has a row for each sample that comes out of a period that both rates share, and a column for
    each that goes in: a small table for the rates that recorders have, gigabytes for a prime one. Such a rate is taken
    for a near one whose kernel is small.
    """
    from torchaudio import functional  # it loads torch, which those who read texts or photos alone need not

    ratio = _ratio(rate, target)
    out: Tensor = functional.resample(sound, ratio.numerator, ratio.denominator)
    return out


def _ratio(rate: int, target: int) -> Fraction:
    """Return rate / target or, where numerator times denominator is too large a kernel, a ratio close to it."""
    exact = Fraction(rate, target)
    return exact.limit_denominator(max(1, math.isqrt(int(_LARGEST_KERNEL / exact))))
