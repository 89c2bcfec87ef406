"""Voices in small: hums of different pitch, written as corpora are handed out."""

from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from transformers import WavLMConfig

from inference.voice.decode import RATE, Sound
from training.voice.data.clips import Clip, to_int16
from training.voice.data.crops import FRAME
from training.voice.distillation.distill import Student

SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 5,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "conv_dim": (16, 16, 16),
    "conv_kernel": (20, 8, 4),
    "conv_stride": (10, 8, 4),
    "num_feat_extract_layers": 3,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
    "apply_spec_augment": False,
    "layerdrop": 0.0,
}


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
    return Clip(path, corpus, language, speaker, emotion, split, to_int16(heard))


def write_sound(path: Path, sound: Sound | None = None, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, hum(seconds=0.4) if sound is None else sound, rate)


def small_student() -> Student:
    torch.manual_seed(1)
    return Student(WavLMConfig(**SMALL))


def plain(sound: Sound, stranger: Sound, rng: np.random.Generator) -> Sound:
    """A sound as it is, where others are spoilt."""
    return sound


def loudness(sound: Sound) -> NDArray[np.float16]:
    """A teacher who hears how loud each frame is, 1024 times over."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    values = np.outer(np.log(frames.std(1) + 1e-3), np.linspace(0.5, 1.5, 1024))
    return values.astype(np.float16)
