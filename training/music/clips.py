"""Read excerpts of music whose listeners put them into quadrants, as the numbers that the model sees."""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from music.sound import Frames, feature_vector, read_sound
from music.sound.features import tempo_of
from training.files import members

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Quadrant -> (high arousal, high valence): happy, tense, sad, calm.
QUADRANTS = {"Q1": (1, 1), "Q2": (1, 0), "Q3": (0, 0), "Q4": (0, 1)}


@dataclass(frozen=True, slots=True)
class Clips:
    """Hold descriptions `x` [n, d], loudness and tempo `simple` [n, 2], quadrants `y` [n] and `artists` [n].

    Quadrants are 0..3, artists are numbered. `ms` is what one excerpt took, in milliseconds of processor time,
    decoding included.
    """

    x: Floats
    simple: Floats
    y: Ints
    artists: Ints
    ms: float

    @property
    def high(self) -> Ints:
        """Return high arousal and high valence of each clip, 0 or 1: [n, 2]."""
        return np.array(list(QUADRANTS.values()))[self.y]


def load_clips(folder: Path) -> Clips:
    """Read all excerpts of clips.tar that have a quadrant in clips.csv."""
    with (folder / "clips.csv").open(newline="", encoding="utf-8") as table:
        rows = {row["path"]: row for row in csv.DictReader(table) if row["quadrant"] in QUADRANTS}
    began = time.process_time()
    described = [
        (rows[name], *_describe(data)) for name, data in members(folder / "clips.tar") if name in rows
    ]
    ms = 1000 * (time.process_time() - began) / len(described)
    artists = [row["artist"].strip().casefold() for row, _, _ in described]
    return Clips(
        x=np.array([x for _, x, _ in described], dtype=np.float64),
        simple=np.array([simple for _, _, simple in described]),
        y=np.array([list(QUADRANTS).index(row["quadrant"]) for row, _, _ in described]),
        artists=np.unique(artists, return_inverse=True)[1],
        ms=ms,
    )


def _describe(data: bytes) -> tuple[Floats, tuple[float, float]]:
    frames = Frames.of(read_sound(data))
    return feature_vector(frames).double().numpy(), (frames.level, tempo_of(frames) or 0.0)
