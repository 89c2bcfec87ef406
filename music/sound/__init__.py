"""The mood of music from its sound: decode.py; features.py, tagger.py; machine.py. Whoever imports it loads torch."""

from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from domain.tracks import TrackMood
from music.sound.decode import NotSound, read_sound, tags_of
from music.sound.features import Frames, features_of, tempo_of
from music.sound.machine import Machine, mood_of_odds
from music.sound.stored import BadWeights
from music.sound.tagger import impression_of

__all__ = [
    "BadWeights",
    "Frames",
    "Heard",
    "NotSound",
    "describe",
    "hear",
    "read_sound",
    "tags_of",
]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sound tells: its mood, with a tempo where it has one, and its level in dBFS."""

    mood: TrackMood
    loudness: float


def hear(sound: Tensor) -> Heard:
    """Listen to mono 16 kHz sound [samples] as read_sound gives it. Raises BadWeights."""
    frames = Frames.of(sound)
    arousal, valence = _machine().probabilities(describe(frames))
    return Heard(replace(mood_of_odds(arousal, valence), tempo=tempo_of(frames)), frames.level)


def describe(frames: Frames) -> Tensor:
    """All numbers [d] that the machine judges by: what is measured, then a tagger's impression. Raises BadWeights."""
    return torch.cat([features_of(frames), impression_of(frames.sound)])


@cache
def _machine() -> Machine:
    return Machine.load()
