"""Hear the mood of music in its sound. Whoever imports this package loads torch, which takes seconds.

decode.py opens a sound, features.py and tagger.py describe it in numbers, classifier.py makes a mood of these.
"""

from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from domain.tracks import TrackMood
from music.errors import BadWeights, NotSound
from music.sound.classifier import QuadrantClassifier, mood_from_probabilities
from music.sound.decode import read_sound, tags_of
from music.sound.features import Frames, features_of, tempo_of
from music.sound.tagger import embedding_of

__all__ = [
    "BadWeights",
    "Frames",
    "NotSound",
    "SoundAnalysis",
    "analyse",
    "feature_vector",
    "read_sound",
    "tags_of",
]


@dataclass(frozen=True, slots=True)
class SoundAnalysis:
    """Hold what a sound tells: its mood, with a tempo where it has one, and its loudness in dBFS."""

    mood: TrackMood
    loudness: float


def analyse(sound: Tensor) -> SoundAnalysis:
    """Estimate the mood of mono 16 kHz sound [samples], as read_sound gives it. Raises BadWeights."""
    frames = Frames.of(sound)
    arousal, valence = _classifier().probabilities(feature_vector(frames))
    return SoundAnalysis(
        replace(mood_from_probabilities(arousal, valence), tempo=tempo_of(frames)), frames.level
    )


def feature_vector(frames: Frames) -> Tensor:
    """Return all numbers [d] that the classifier judges by: statistics, then a tagger's embedding.

    Raises BadWeights.
    """
    return torch.cat([features_of(frames), embedding_of(frames.sound)])


@cache
def _classifier() -> QuadrantClassifier:
    return QuadrantClassifier.load()
