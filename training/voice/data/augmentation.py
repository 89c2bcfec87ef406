"""Augment a voice as it might have reached a phone, and as somebody else might have said the same."""

from dataclasses import dataclass

import numpy as np

from inference.voice.decode import RATE, Sound
from training.voice.data.effects import (
    band_limit,
    clip_peaks,
    mix_at_snr,
    random_excerpt,
    reverberate,
    room_impulse_response,
    shift_pitch,
    vary_level,
    white_noise,
)

_SPEEDS = (0.9, 1.1)
_SEMITONES = 2.0  # up or down: about what two people of one sex differ by


@dataclass(frozen=True, slots=True)
class Augmenter:
    """Augment sounds with noises and rooms; where there are none, noise is white and rooms are made."""

    noises: list[Sound]
    rooms: list[Sound]

    def __call__(self, sound: Sound, other_voice: Sound, rng: np.random.Generator) -> Sound:
        """Return the same speech as it might arrive, of the same length and timing; float32 of any level.

        `other_voice` is another voice of that length to mix in. Opus takes too long for this: see
        `training.voice.data.offline_augmentation`.
        """
        what = rng.random()
        if what < 0.25:
            sound = mix_at_snr(sound, other_voice, rng.uniform(5, 15))
        elif what < 0.6:
            sound = mix_at_snr(sound, self._noise(len(sound), rng), rng.uniform(3, 30))
        if rng.random() < 0.2:
            sound = reverberate(sound, self._room(rng))
        if rng.random() < 0.25:
            sound = band_limit(sound, rng.choice([3400, 4000, 6000]))
        if rng.random() < 0.2:
            sound = vary_level(sound, rng.uniform(-6, 6, 2 + len(sound) // RATE).astype(np.float32))
        if rng.random() < 0.1:
            sound = clip_peaks(sound, rng.uniform(0.2, 0.7))
        return sound

    def _noise(self, length: int, rng: np.random.Generator) -> Sound:
        if not self.noises or rng.random() < 0.4:
            return white_noise(length, rng)
        return random_excerpt(self.noises[rng.integers(len(self.noises))], length, rng)

    def _room(self, rng: np.random.Generator) -> Sound:
        return (
            self.rooms[rng.integers(len(self.rooms))]
            if self.rooms
            else room_impulse_response(rng.uniform(0.1, 0.8), rng)
        )


def perturb_speed_and_pitch(sound: Sound, rng: np.random.Generator) -> Sound:
    """Make a voice faster or slower by up to a tenth, and higher or lower by up to two semitones.

    So it is nearly another speaker's. The length changes, and with it the timing of everything in it.
    """
    return shift_pitch(sound, rng.uniform(-_SEMITONES, _SEMITONES), rng.uniform(*_SPEEDS))
