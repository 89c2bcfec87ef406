"""Teach the voice net to hear what its teacher hears, without labels."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from transformers import WavLMConfig

from inference.voice.net import VoiceNet, compact_config, standardise
from training.average import moving_average
from training.loop import bf16_autocast, save_weights, step, warm_up_cosine_decay, weight_decay_groups
from training.voice.data.clips import Clip
from training.voice.data.crops import Augment, augment_batch, crop_with_targets
from training.voice.distillation.targets import TeacherTargets
from training.voice.distillation.teacher import DISTILLED_LAYERS, WIDTH

_REPORTED = 50  # steps between two lines
_VALUES = WIDTH * len(DISTILLED_LAYERS)


class Student(nn.Module):
    """Hold the net and, for training only, a linear map from its last layer to the teacher's values.

    These are standardised. The map is called `imitation` in stored weights.
    """

    def __init__(self, config: WavLMConfig | None = None) -> None:
        super().__init__()
        self.net = VoiceNet(config or compact_config())
        self.imitation = nn.Linear(self.net.config.hidden_size, _VALUES)

    def forward(self, sound: Tensor) -> Tensor:
        """Return guesses [batch, frames, 1024] of the teacher's values for standardised sound [batch, samples]."""
        values: Tensor = self.imitation(self.net.states(sound)[-1])
        return values


class DistillationSampler:
    """Draw batches of augmented speech with what the teacher hears in it as it is.

    Corpora come by the root of their size, so that small corpora, with their languages, are heard.
    """

    def __init__(
        self, clips: list[Clip], targets: TeacherTargets, augment: Augment, rng: np.random.Generator
    ) -> None:
        self.clips = [c for c in clips if c.split == "train"]
        self.targets, self.augment, self.rng = targets, augment, rng
        sizes = Counter(c.corpus for c in self.clips)
        weights = np.array([sizes[c.corpus] ** -0.5 for c in self.clips])
        self.weights = weights / weights.sum()

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Return standardised sound [size, samples] and the teacher's values [size, frames, 1024]."""
        drawn = [self.clips[i] for i in self.rng.choice(len(self.clips), size, p=self.weights)]
        pairs = [crop_with_targets(c, self.targets(c.path), self.rng) for c in drawn]
        sounds = [s for s, _ in pairs]
        augmented = [standardise(s) for s in augment_batch(sounds, self.augment, self.rng)]
        return torch.from_numpy(np.stack(augmented)), torch.from_numpy(np.stack([t for _, t in pairs]))


def align_frames(ours: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
    """Return frames [n, frames, d] of the net, and those of the teacher that are centred where they are.

    The teacher pads its sound and the net does not, which loses as many frames before the first as after the last.
    """
    first = (theirs.shape[1] - ours.shape[1]) // 2
    return ours, theirs[:, first : first + ours.shape[1]]


def distillation_loss(guess: Tensor, target: Tensor) -> Tensor:
    """Return the mean L1 distance less the mean cosine of guesses and targets, layer by layer.

    Both are [n, frames, 1024]. As in DistilHuBERT (Chang et al. 2022, arXiv:2110.01900), but for its log-sigmoid.
    """
    g, t = (x.unflatten(2, (len(DISTILLED_LAYERS), WIDTH)) for x in align_frames(guess, target))
    loss: Tensor = (g - t).abs().mean() - F.cosine_similarity(g, t, dim=-1).mean()
    return loss


@dataclass(frozen=True, slots=True)
class Recipe:
    """Say how to train: the peak of the rate, which follows half a cosine, and the crops of a step."""

    rate: float
    batch: int = 16


def distill(
    student: Student,
    sampler: DistillationSampler,
    recipe: Recipe,
    weights: Path,
    elapsed: Callable[[], float],
) -> Student:
    """Train until `elapsed` says 1, and return the averaged student.

    It is stored in the file `weights`, on the way too.
    """
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
