"""How far a voice can be trusted: is there speech, how much, how clean."""

import numpy as np
from numpy.typing import NDArray

from inference.ramp import ramp
from inference.voice.decode import RATE, Sound

_FRAME = 480  # samples: 30 ms
_AUDIBLE_DB = -60.0  # below full scale; phones record even whispers above it
_ABOVE_NOISE_DB = 6.0
_LEAST_SPEECH = 0.09  # seconds: three frames; a spoken "two" has little more


def levels(sound: Sound) -> NDArray[np.float64]:
    """Level of each 30 ms frame in dB below full scale."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    centred = frames - frames.mean(1, keepdims=True)  # a constant offset is no sound
    out: NDArray[np.float64] = 10 * np.log10(np.square(centred, dtype=np.float64).mean(1) + 1e-12)
    return out


def measure(sound: Sound) -> tuple[dict[str, float], tuple[str, ...]]:
    """Quality measures and hints for mono 16 kHz sound of at least one frame.

    Speech comes and goes: frames that stand 6 dB above the quietest tenth and are audible count as speech, so steady
    noise, hum and silence have none. The ramps are first estimates by ear.
    """
    db = levels(sound)
    quiet = float(np.percentile(db, 10))
    speech = db > max(_AUDIBLE_DB, quiet + _ABOVE_NOISE_DB)
    seconds = float(speech.sum()) * _FRAME / RATE
    loud = float(db[speech].mean()) if speech.any() else quiet
    clipping = float((np.abs(sound) >= 0.99).mean())
    parts = {
        "speak_longer": ramp(seconds, 0.3, 1.5, floor=0.3),
        "less_noise": ramp(loud - quiet, 6, 20, floor=0.3),
        "further_away": ramp(-clipping, -0.05, -0.005, floor=0.5),
        "closer": ramp(loud, -60, -45, floor=0.5),
    }
    quality = {
        "seconds": len(sound) / RATE,
        "speech_seconds": seconds,
        "level_db": loud,
        "snr_db": loud - quiet,
        "clipping": clipping,
        "weight": float(np.prod(list(parts.values()))),
    }
    return quality, tuple(name for name, value in parts.items() if value < 0.7)


def has_speech(quality: dict[str, float]) -> bool:
    """Whether what was measured can be somebody speaking."""
    return quality["speech_seconds"] >= _LEAST_SPEECH
