"""Cut crops out of clips, and augment a batch of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.voice.decode import Sound
from training.voice.data.clips import CROP, Clip

FRAME = 320  # samples between two of the net's frames, and two of the teacher's
# What is done to a crop, given another voice of the same length to mix in; it keeps length and timing.
Augment = Callable[[Sound, Sound, np.random.Generator], Sound]


def crop_with_targets(
    clip: Clip, target: NDArray[np.float32], rng: np.random.Generator
) -> tuple[Sound, NDArray[np.float32]]:
    """Return 3.2 s of a clip's sound [CROP] from any place, and the matching frames of the target."""
    sound, index = random_crop(clip, min(len(target), len(clip.sound) // FRAME), rng)
    return sound, target[index]


def random_crop(clip: Clip, frames: int, rng: np.random.Generator) -> tuple[Sound, NDArray[np.int64]]:
    """Return 3.2 s [CROP] of a clip's first so many frames, from any place, and the numbers of its frames.

    A shorter clip is repeated, so that no padding enters the statistics.
    """
    wanted = CROP // FRAME
    start = int(rng.integers(max(1, frames - wanted + 1) if frames >= wanted else frames))
    index = (start + np.arange(wanted)) % frames
    return clip.samples[: frames * FRAME].reshape(frames, FRAME)[index].reshape(-1), index


def augment_batch(sounds: list[Sound], augment: Augment, rng: np.random.Generator) -> list[Sound]:
    """Augment sounds of one length, each with the one before it as another voice to mix in."""
    return [augment(sound, sounds[i - 1], rng) for i, sound in enumerate(sounds)]
