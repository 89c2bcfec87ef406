"""What happens to a voice on its way into a phone: another voice, noise, a room, a narrow band, clipping."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from inference.voice.decode import RATE

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Augmenter:
    """Noises and rooms to draw from; sounds are float32 mono 16 kHz of any level."""

    noises: list[Sound]
    rooms: list[Sound]

    def __call__(self, sound: Sound, stranger: Sound, rng: np.random.Generator) -> Sound:
        """The same speech as it might arrive; keeps the length. `stranger` is another voice to mix in."""
        what = rng.random()
        if what < 0.25:
            sound = _mix(sound, stranger, rng.uniform(5, 15))
        elif what < 0.6:
            sound = _mix(sound, self._noise(len(sound), rng), rng.uniform(3, 30))
        if rng.random() < 0.2:
            sound = fftconvolve(sound, self.rooms[rng.integers(len(self.rooms))])[: len(sound)]
        if rng.random() < 0.25:
            sound = band_limit(sound, rng.choice([3400, 4000, 6000]))
        if rng.random() < 0.1:
            limit = np.abs(sound).max() * rng.uniform(0.2, 0.7)
            sound = np.clip(sound, -limit, limit)
        return sound.astype(np.float32)

    def _noise(self, length: int, rng: np.random.Generator) -> Sound:
        if rng.random() < 0.4:
            return rng.standard_normal(length).astype(np.float32)
        noise = self.noises[rng.integers(len(self.noises))]
        return np.resize(np.roll(noise, rng.integers(len(noise))), length)


def _mix(sound: Sound, other: Sound, snr_db: float) -> Sound:
    level = sound.std() / max(float(other.std()), 1e-6) * 10 ** (-snr_db / 20)
    mixed: Sound = sound + level * other
    return mixed


def band_limit(sound: Sound, hertz: float) -> Sound:
    """Nothing above so many hertz, as on a telephone line."""
    spectrum = np.fft.rfft(sound)
    spectrum[int(hertz / (RATE / 2) * len(spectrum)) :] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)
