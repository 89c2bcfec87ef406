"""The voice corpora as arrays, and the teacher's answers to them."""

import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from inference.voice.decode import RATE
from inference.voice.net import LABELS, SHORTEST

CROP = SHORTEST  # samples that training hears at a time
_SPEECH = ("ravdess", "emodb", "tess", "nemo", "ased", "turev", "urdu", "baved", "libri", "kread", "fsdd")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: sound int16 mono 16 kHz; label number or -1 (unlabelled, or an emotion outside the seven)."""

    path: str
    corpus: str
    speaker: str
    label: int
    split: str
    sound: NDArray[np.int16]


def load_clips(folder: Path) -> list[Clip]:
    """All speech, in the order of voices.csv; calm counts as neutral."""
    sounds = {}
    for corpus in _SPEECH:
        sounds.update(_tar(folder / f"{corpus}.tar"))
    with (folder / "voices.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Clip(r["path"], r["corpus"], r["speaker"], _label(r), r["split"], sounds[r["path"]])
        for r in rows
        if r["corpus"] in _SPEECH
    ]


def load_noises(folder: Path) -> list[NDArray[np.float32]]:
    """Street noise, each at unit level; nearly silent pieces left out."""
    noises = [s.astype(np.float32) for s in _tar(folder / "street.tar").values()]
    return [n / n.std() for n in noises if n.std() > 30]


def load_rooms(folder: Path) -> list[NDArray[np.float32]]:
    """Impulse responses of rooms that people speak in: reverberation of 0.1 to 1.5 s, the direct sound at 1."""
    with (folder / "voices.csv").open(newline="") as f:
        usable = {
            r["path"]
            for r in csv.DictReader(f)
            if r["corpus"] == "rir" and 0.1 < float(r["intensity"].removeprefix("rt60=") or 9) < 1.5
        }
    rooms = [
        s.astype(np.float32)[: RATE // 2] for path, s in _tar(folder / "rir.tar").items() if path in usable
    ]
    return [r / np.abs(r).max() for r in rooms]


def _label(row: dict[str, str]) -> int:
    emotion = "neutral" if row["emotion"] == "calm" else row["emotion"]
    return LABELS.index(emotion) if emotion in LABELS else -1


def _tar(path: Path) -> dict[str, NDArray[np.int16]]:
    out = {}
    with tarfile.open(path) as tar:
        for member in tar:
            data = tar.extractfile(member)
            assert data is not None
            sound, rate = soundfile.read(io.BytesIO(data.read()), dtype="int16")
            if rate != RATE:
                raise ValueError(f"{member.name}: {rate} Hz")
            out[member.name] = sound
    return out
