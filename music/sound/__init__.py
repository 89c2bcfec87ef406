"""The mood of music from its sound: decode.py, features.py, machine.py. Only what listens imports it, for torch."""

from dataclasses import dataclass, replace
from functools import cache

from torch import Tensor

from music.sound.decode import NotSound, checked, read_sound, tags_of
from music.sound.features import features_of, loudness_of, tempo_of
from music.sound.machine import BadWeights, Machine, mood_of_odds
from music.tracks import TrackMood

__all__ = ["BadWeights", "Heard", "NotSound", "checked", "hear", "read_sound", "tags_of"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sound tells: its mood, with a tempo where it has one, and its level in dBFS."""

    mood: TrackMood
    loudness: float


def hear(sound: Tensor) -> Heard:
    """Listen to mono 16 kHz sound [samples] as read_sound gives it. Raises BadWeights."""
    arousal, valence = _machine().probabilities(features_of(sound))
    return Heard(replace(mood_of_odds(arousal, valence), tempo=tempo_of(sound)), loudness_of(sound))


@cache
def _machine() -> Machine:
    return Machine.load()
