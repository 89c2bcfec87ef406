"""The voice net learns to hear what its teacher hears, without labels."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from transformers import WavLMConfig

from inference.voice.decode import RATE, Sound
from inference.voice.net import VoiceNet, compact_config, standardise
from training.average import moving_average
from training.files import BadData
from training.loop import bf16_autocast, save_weights, step, warm_up_cosine_decay
from training.voice.data.clips import CROP, Clip
from training.voice.distillation.teacher import DISTILLED_LAYERS, WIDTH

FRAME = 320  # samples between two of the net's frames, and two of the teacher's
_LONGEST = 29 * RATE  # samples that the teacher hears of a clip: it knows no more than 30 s
_DECAY = 0.05
_REPORTED = 50  # steps between two lines
# What is done to a crop, given another voice of the same length to mix in; it keeps length and timing.
Augment = Callable[[Sound, Sound, np.random.Generator], Sound]
_VALUES = WIDTH * len(DISTILLED_LAYERS)


class Student(nn.Module):
    """The net and, for training only, a linear map from its last layer to the teacher's standardised values."""

    def __init__(self, config: WavLMConfig | None = None) -> None:
        super().__init__()
        self.net = VoiceNet(config or compact_config())
        self.imitation = nn.Linear(self.net.config.hidden_size, _VALUES)

    def forward(self, sound: Tensor) -> Tensor:
        """Standardised sound [batch, samples] -> the teacher's values [batch, frames, 1024]."""
        values: Tensor = self.imitation(self.net.states(sound)[-1])
        return values


class TeacherTargets:
    """The teacher's values for every clip, standardised per channel."""

    def __init__(self, folder: Path, clips: Iterable[Clip]) -> None:
        """Read what `make_targets` stored; raises BadData where a clip is missing in it."""
        self.values = np.load(folder / "targets.npy", mmap_mode="r")
        spans = np.load(folder / "spans.npz")
        self.span = {
            p: (int(a), int(b))
            for p, a, b in zip(spans["paths"], spans["starts"], spans["stops"], strict=True)
        }
        sample = self.values[:: max(1, len(self.values) // 50_000)].astype(np.float32)
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-4
        if missing := sum(clip.path not in self.span for clip in clips):
            raise BadData(f"{missing} clips have no targets in {folder}: run `targets` again")

    def __call__(self, path: str) -> NDArray[np.float32]:
        """[frames, 1024] of one clip."""
        start, stop = self.span[path]
        values: NDArray[np.float32] = (self.values[start:stop] - self.mean) / self.deviation
        return values


def store_targets(teacher: Callable[[Sound], NDArray[np.float16]], clips: list[Clip], folder: Path) -> None:
    """Let the teacher hear all clips, and store its values as one fp16 array and where each clip's are in it."""
    parts, begin = [], time.monotonic()
    for i, clip in enumerate(clips):
        parts.append(teacher(clip.samples[:_LONGEST]))
        if i % 1000 == 0:
            print(f"{i}/{len(clips)} clips, {time.monotonic() - begin:.0f} s", flush=True)
    stops = np.cumsum([len(p) for p in parts])
    np.save(folder / "targets.npy", np.concatenate(parts))
    np.savez(
        folder / "spans.npz",
        paths=[c.path for c in clips],
        starts=stops - [len(p) for p in parts],
        stops=stops,
    )


def crop_with_targets(
    clip: Clip, target: NDArray[np.float32], rng: np.random.Generator
) -> tuple[Sound, NDArray[np.float32]]:
    """3.2 s of sound and the matching frames of the target."""
    sound, index = random_crop(clip, min(len(target), len(clip.sound) // FRAME), rng)
    return sound, target[index]


def random_crop(clip: Clip, frames: int, rng: np.random.Generator) -> tuple[Sound, NDArray[np.int64]]:
    """3.2 s of a clip's first so many frames, from any place, and the numbers of these frames.

    A shorter clip is repeated, so that no padding enters the statistics.
    """
    wanted = CROP // FRAME
    start = int(rng.integers(max(1, frames - wanted + 1) if frames >= wanted else frames))
    index = (start + np.arange(wanted)) % frames
    return clip.samples[: frames * FRAME].reshape(frames, FRAME)[index].reshape(-1), index


def augment_batch(sounds: list[Sound], augment: Augment, rng: np.random.Generator) -> list[Sound]:
    """A batch of sounds of one length as they may arrive, each with the one before it as a stranger to mix in."""
    return [augment(sound, sounds[i - 1], rng) for i, sound in enumerate(sounds)]


class DistillationSampler:
    """Batches of anything that is speech, spoilt, with what the teacher hears in it unspoilt."""

    def __init__(
        self, clips: list[Clip], targets: TeacherTargets, augment: Augment, rng: np.random.Generator
    ) -> None:
        self.clips = [c for c in clips if c.split == "train"]
        self.targets, self.augment, self.rng = targets, augment, rng
        # Corpora come by the root of their size, so that small ones (and their languages) are heard.
        sizes = Counter(c.corpus for c in self.clips)
        weights = np.array([sizes[c.corpus] ** -0.5 for c in self.clips])
        self.weights = weights / weights.sum()

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Sound [n, samples], teacher's values [n, frames, 1024]."""
        drawn = [self.clips[i] for i in self.rng.choice(len(self.clips), size, p=self.weights)]
        pairs = [crop_with_targets(c, self.targets(c.path), self.rng) for c in drawn]
        sounds = [s for s, _ in pairs]
        heard = [standardise(s) for s in augment_batch(sounds, self.augment, self.rng)]
        return torch.from_numpy(np.stack(heard)), torch.from_numpy(np.stack([t for _, t in pairs]))


def align_frames(ours: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
    """Frames [n, frames, d] of the net, and those of the teacher that are centred where they are.

    The teacher pads its sound and the net does not, which loses as many frames before the first as after the last.
    """
    first = (theirs.shape[1] - ours.shape[1]) // 2
    return ours, theirs[:, first : first + ours.shape[1]]


def distillation_loss(guess: Tensor, target: Tensor) -> Tensor:
    """L1 - cosine, layer by layer."""
    g, t = (x.unflatten(2, (len(DISTILLED_LAYERS), WIDTH)) for x in align_frames(guess, target))
    loss: Tensor = (g - t).abs().mean() - F.cosine_similarity(g, t, dim=-1).mean()
    return loss


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: the peak of the rate, which follows half a cosine, and the crops of a step."""

    rate: float
    batch: int = 16


def distill(
    student: Student,
    sampler: DistillationSampler,
    recipe: Recipe,
    weights: Path,
    elapsed: Callable[[], float],
) -> Student:
    """Train until `elapsed` says 1; returns the averaged student, which is stored as `weights`, on the way too."""
    average, optimizer, steps = (
        moving_average(student),
        torch.optim.AdamW(weight_decay_groups(student.parameters())),
        0,
    )
    while (share := elapsed()) < 1:
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * warm_up_cosine_decay(share)
        student.train()
        sound, target = sampler.batch(recipe.batch)
        with bf16_autocast():
            guess = student(sound)
        loss = distillation_loss(guess.float(), target)
        step(student, optimizer, loss)
        steps += 1
        average.update(student, step=steps)
        if steps % _REPORTED == 0:
            print(f"{share:.0%} step {steps} loss {loss.item():.3f}", flush=True)
            save_weights(average.module, weights)
    save_weights(average.module, weights)
    print(f"{steps} steps of {recipe.batch} crops", flush=True)
    averaged: Student = average.module
    return averaged


def weight_decay_groups(parameters: Iterable[nn.Parameter]) -> list[dict[str, Any]]:
    """Groups for an optimizer: matrices decay, biases and norms do not."""
    groups: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for p in parameters:
        groups[p.ndim > 1].append(p)
    return [{"params": ps, "weight_decay": _DECAY if matrix else 0.0} for matrix, ps in groups.items()]
