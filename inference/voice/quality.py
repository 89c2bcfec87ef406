"""Measure how far a voice can be trusted: whether there is speech, how much, and how clean."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.curve import Curve
from inference.voice.decode import RATE, Sound

FRAME = 480  # samples: 30 ms
_AUDIBLE_DB = -60.0  # below full scale; phones record even whispers above it
_ABOVE_NOISE_DB = 6.0
LEAST_SPEECH = 0.09  # seconds: three frames; a spoken "two" has little more

# Fitted by `python -m training.voice fit-quality` on 200 clips of validation speakers, spoilt, and rounded. All spoilt
# voices are read well enough to be worth it as far as was tried, so the limits from which on hints are said are
# estimates: those of length and noise were fitted to a net that heard less well.
CURVES = (
    Curve("speech_seconds", "speak_longer", worst=0.3, good=0.57, floor=0.5, hint_from=0.78),
    Curve("snr_db", "less_noise", worst=0.0, good=18.5, floor=0.85, hint_from=10.6),
    Curve("clipping", "further_away", worst=0.72, good=0.0001, floor=0.85, hint_from=0.023),
    Curve("level_db", "closer", worst=-75, good=-44, floor=0.85, hint_from=-54),
)


def frame_levels(sound: Sound) -> NDArray[np.float64]:
    """Return the level [frames] of each 30 ms frame of mono 16 kHz sound, in dB below full scale."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    centred = frames - frames.mean(1, keepdims=True)  # a constant offset is no sound
    out: NDArray[np.float64] = 10 * np.log10(np.square(centred, dtype=np.float64).mean(1) + 1e-12)
    return out


def speech_frames(db: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which frames [frames] are speech, by their levels in dB.

    Speech comes and goes: frames that stand 6 dB above the quietest tenth and are audible count, so steady noise, hum
    and silence have none.
    """
    out: NDArray[np.bool_] = db > max(_AUDIBLE_DB, float(np.percentile(db, 10)) + _ABOVE_NOISE_DB)
    return out


def measure(sound: Sound) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the quality of mono 16 kHz sound of at least one frame, with a weight, and hints what to do better."""
    return judge(measures(sound))


def measures(sound: Sound) -> dict[str, float]:
    """Measure mono 16 kHz sound of at least one frame.

    It is seconds of it and of speech, the speech's level in dB below full scale (`level_db`) and above the quietest
    tenth (`snr_db`), and the share of samples at full scale (`clipping`).
    """
    db = frame_levels(sound)
    speech, quiet = speech_frames(db), float(np.percentile(db, 10))
    loud = float(db[speech].mean()) if speech.any() else quiet
    return {
        "seconds": len(sound) / RATE,
        "speech_seconds": float(speech.sum()) * FRAME / RATE,
        "level_db": loud,
        "snr_db": loud - quiet,
        "clipping": float((np.abs(sound) >= 0.99).mean()),
    }


def judge(measured: Mapping[str, float]) -> tuple[dict[str, float], tuple[str, ...]]:
    """Add the weight, 0..1, which is the worst measure's, to the measures, and name hints what to do better."""
    weight = min(curve.weight(measured[curve.measure]) for curve in CURVES)
    return {**measured, "weight": weight}, tuple(c.hint for c in CURVES if c.needs_hint(measured[c.measure]))


def has_speech(quality: Mapping[str, float]) -> bool:
    """Tell whether what was measured can be somebody speaking."""
    return quality["speech_seconds"] >= LEAST_SPEECH
