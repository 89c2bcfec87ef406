"""Voices in small: hums of different pitch, written as corpora are handed out."""

from pathlib import Path

import numpy as np
import soundfile

from inference.voice.decode import RATE, Sound
from training.voice.data import Clip, whole_numbers


def hum(pitch: float = 150, seconds: float = 1.0, seed: int = 1) -> Sound:
    """Something like a voice: harmonics of a pitch in Hz, three syllables a second, over a little noise."""
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 12))
    noise = np.random.default_rng(seed).standard_normal(len(t)) * 0.01
    return (0.1 * (tone * (0.2 + np.sin(np.pi * 3 * t) ** 2) + noise)).astype(np.float32)


def clip(
    path: str = "a.wav",
    corpus: str = "one",
    speaker: str = "one_1",
    emotion: str = "happy",
    split: str = "train",
    language: str = "en",
    sound: Sound | None = None,
) -> Clip:
    heard = hum() if sound is None else sound
    return Clip(path, corpus, language, speaker, emotion, split, whole_numbers(heard))


def write_sound(path: Path, sound: Sound | None = None, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, hum(seconds=0.4) if sound is None else sound, rate)
