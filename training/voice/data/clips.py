"""Hold clips of voices, and read this project's packed corpora.

These are one tar of 16 kHz sounds each, and voices.csv for all.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from inference.voice.decode import RATE, Sound
from inference.voice.net import LABELS, MIN_SAMPLES
from training.files import BadData, emotion_of, members, share_of, table

CROP = MIN_SAMPLES  # samples that training hears at a time
SPLITS = ("train", "validation", "test")
Samples = NDArray[np.int16]

_SPEECH = ("ravdess", "emodb", "tess", "nemo", "ased", "turev", "urdu", "baved", "libri", "kread", "fsdd")
_VALIDATION = 0.2  # of the speakers
_ONLY_TRAINED_ON = {"tess"}  # two speakers, whose room and carrier phrase give everything away: no test
_FULL = np.float32(32768)


@dataclass(frozen=True, slots=True)
class Clip:
    """Hold one clip of a voice, its sound int16 mono at 16 kHz.

    The emotion is the corpus' own, also one outside the seven; "" if nobody named one. Languages are codes of two
    letters, or "". No speaker has clips in two splits.
    """

    path: str
    corpus: str
    language: str
    speaker: str
    emotion: str
    split: str
    sound: Samples

    @property
    def label(self) -> int:
        """Return the emotion's number in LABELS, calm counted as neutral; -1 where it is none of the seven."""
        emotion = "neutral" if self.emotion == "calm" else self.emotion
        return LABELS.index(emotion) if emotion in LABELS else -1

    @property
    def samples(self) -> Sound:
        """Return the sound as `inference.voice.decode` gives it: float32, -1..1."""
        return self.sound.astype(np.float32) / _FULL


def split_of(corpus: str, speaker: str) -> str:
    """Return the split of a speaker in a corpus without an official one: about a fifth validate.

    Chosen by a hash of the speaker, so it is the same on every machine and whatever else lies in the folder. Of few
    speakers all may be on one side.
    """
    if corpus in _ONLY_TRAINED_ON:
        return "train"
    return "validation" if share_of(speaker) < _VALIDATION else "train"


def to_int16(sound: Sound) -> Samples:
    """Return float samples -1..1 as int16."""
    return (sound * _FULL).round().clip(-32768, 32767).astype(np.int16)


def load_packed(folder: Path) -> list[Clip]:
    """Read all speech of this project's packed corpora, in the order of voices.csv.

    Raises BadData where a column is missing or a sound is not at 16 kHz.
    """
    rows = [
        row
        for _, row in table(
            folder / "voices.csv", "path", "corpus", "language", "speaker", "emotion", "split"
        )
    ]
    present = {row["corpus"] for row in rows} & set(_SPEECH)
    sounds = {
        name: sound for corpus in sorted(present) for name, sound in _sounds(folder / f"{corpus}.tar").items()
    }
    return [
        Clip(
            r["path"],
            r["corpus"],
            r["language"].split("-")[0],
            r["speaker"],
            emotion_of(r["emotion"]),
            r["split"],
            sounds[r["path"]],
        )
        for r in rows
        if r["corpus"] in present
    ]


def load_noises(folder: Path) -> list[Sound]:
    """Read street noise, each piece at unit level, nearly silent ones left out.

    There is none where there is no street.tar.
    """
    noises = [s.astype(np.float32) for s in _sounds(folder / "street.tar").values()]
    return [n / n.std() for n in noises if n.std() > 30]


def load_rooms(folder: Path) -> list[Sound]:
    """Read impulse responses of rooms that people speak in, the direct sound at 1.

    They reverberate for 0.1 to 1.5 s. There are none where there is no rir.tar.
    """
    sounds = _sounds(folder / "rir.tar")
    if not sounds:
        return []
    usable = {
        row["path"]
        for _, row in table(folder / "voices.csv", "path", "corpus", "intensity")
        if row["corpus"] == "rir" and 0.1 < float(row["intensity"].removeprefix("rt60=") or 9) < 1.5
    }
    rooms = [sound.astype(np.float32)[: RATE // 2] for path, sound in sounds.items() if path in usable]
    return [room / np.abs(room).max() for room in rooms]


def _sounds(path: Path) -> dict[str, Samples]:
    out = {}
    for name, data in members(path) if path.is_file() else ():
        sound, rate = soundfile.read(io.BytesIO(data), dtype="int16")
        if rate != RATE:
            raise BadData(f"{name} in {path.name} has {rate} Hz, not {RATE}")
        out[name] = sound
    return out
