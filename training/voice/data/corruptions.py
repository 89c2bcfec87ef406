"""Corrupt voices as bad voice notes are: each way at three strengths, the same for the same sound.

All take and give sound as `inference.voice.decode` gives it: float32 mono 16 kHz, -1..1.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from inference.voice.decode import RATE, Sound
from training.voice.data import effects

Corruption = Callable[[Sound, float], Sound]
Strengths = tuple[float, float, float]

_SEED = 1
_OWN_NOISE_DB = -75.0  # below full scale: what a phone's microphone and its 16 bits add to silence


def noise(sound: Sound, snr_db: float) -> Sound:
    """Add white noise, so many dB below the clip's level."""
    return _fitting(effects.mix_at_snr(sound, effects.white_noise(len(sound), _rng()), snr_db))


def street(noises: Sequence[Sound]) -> Corruption:
    """Return what adds recorded noise, so many dB below the clip's level.

    Of the noises given it takes one that the clip's length chooses.
    """

    def corrupt(sound: Sound, snr_db: float) -> Sound:
        behind = effects.random_excerpt(noises[len(sound) % len(noises)], len(sound), _rng())
        return _fitting(effects.mix_at_snr(sound, behind, snr_db))

    return corrupt


def room(sound: Sound, seconds: float) -> Sound:
    """Put a voice into a room that rings for so many seconds."""
    return _fitting(effects.reverberate(sound, effects.room_impulse_response(seconds, _rng())))


def opus(sound: Sound, kbit_s: float) -> Sound:
    """Encode a voice by Opus at so many kbit/s and decode it again."""
    return np.clip(effects.through_opus(sound, kbit_s), -1, 1)


def band(sound: Sound, hertz: float) -> Sound:
    """Remove what is above so many hertz."""
    return _fitting(effects.band_limit(sound, hertz))


def clipped(sound: Sound, share: float) -> Sound:
    """Clip a voice at this share of its peak, which is full scale then: it was too loud."""
    out = effects.clip_peaks(sound, share)
    return (out / max(float(np.abs(out).max()), 1e-6)).astype(np.float32)


def quiet(sound: Sound, level_db: float) -> Sound:
    """Bring a voice to this level in dB of full scale, over the noise of the microphone itself."""
    level = 10 ** (level_db / 20) / max(float(sound.std()), 1e-6)
    own = effects.white_noise(len(sound), _rng()) * 10 ** (_OWN_NOISE_DB / 20)
    return np.clip(sound * level + own, -1, 1).astype(np.float32)


def short(sound: Sound, seconds: float) -> Sound:
    """Keep only the loudest so many seconds: somebody let go of the button too early."""
    length = min(len(sound), int(seconds * RATE))
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    start = int((energy[length:] - energy[: len(energy) - length]).argmax())
    return sound[start : start + length].copy()


# Strengths from slight to strong; at the strongest a friend would ask for another note.
STRENGTHS: Mapping[str, tuple[Corruption, Strengths]] = {
    "noise (dB below)": (noise, (20, 10, 0)),
    "room (s)": (room, (0.3, 0.7, 1.5)),
    "Opus (kbit/s)": (opus, (16, 10, 6)),
    "band (Hz)": (band, (4000, 2500, 1200)),
    "clipped (share of the peak)": (clipped, (0.5, 0.2, 0.05)),
    "quiet (dB below full scale)": (quiet, (-45, -60, -72)),
    "short (s)": (short, (1.5, 0.7, 0.3)),
}


def with_street(noises: Sequence[Sound]) -> Mapping[str, tuple[Corruption, Strengths]]:
    """Return STRENGTHS, with a street behind voices where there are noises of one."""
    return {**STRENGTHS, "street (dB below)": (street(noises), (20, 10, 0))} if noises else STRENGTHS


def _rng() -> np.random.Generator:
    return np.random.default_rng(_SEED)


def _fitting(sound: Sound) -> Sound:
    """Turn a sound down where it would be clipped: that is another corruption."""
    return (sound / max(1.0, float(np.abs(sound).max()))).astype(np.float32)
