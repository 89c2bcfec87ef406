"""Begin the voice net as its teacher's first layers, and train a front that hands them what they are used to.

WavLM's layers that normalise before they attend compute what Whisper's do, once the bias for distance is zero. So
they take the teacher's weights as they are, without the units of each feed-forward layer that matter least: the net
is to stay small (Sanh et al. 2019 and Chang et al. 2022, DistilBERT and DistilHuBERT, begin likewise). What Whisper
reads from a spectrogram has to come from the net's convolutions over sound, which are trained first, alone.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from transformers import WavLMModel

from inference.voice.decode import RATE, Sound
from inference.voice.net import standardise
from training.loop import step, warm_up_cosine_decay, weight_decay_groups
from training.voice.data.clips import Clip
from training.voice.data.crops import FRAME, Augment, augment_batch, random_crop
from training.voice.distillation.distill import Recipe, Student, align_frames
from training.voice.distillation.teacher import Teacher

_LOWEST, _HIGHEST = 60.0, 7600.0  # Hz, of the first convolution's filters
_TRIED = 8  # batches that say what standard is, and which units matter
_QUIET = 0.1  # of its usual size is what the convolution of positions adds: Whisper has none
_REPORTED = 100  # steps between two lines


def mel_filters(count: int, samples: int) -> Tensor:
    """Return windowed waves [count, samples] whose pitches lie evenly on the mel scale.

    They are in turn cosine, sine and their opposites. Rectified, the four phases of a pitch together tell how loud it
    is.
    """
    lowest, highest = (2595 * np.log10(1 + f / 700) for f in (_LOWEST, _HIGHEST))
    mel = np.linspace(lowest, highest, count // 4)
    hertz = 700 * (10 ** (mel / 2595) - 1)
    phase = 2 * np.pi * hertz[:, None] * np.arange(samples) / RATE
    waves = np.stack([np.cos(phase), np.sin(phase), -np.cos(phase), -np.sin(phase)], 1) * np.hanning(samples)
    return torch.from_numpy(waves.reshape(count, samples).astype(np.float32)) / 20


class FrontSampler:
    """Draw batches to train the front on: augmented sound, and what the teacher's front hears in it as it is."""

    def __init__(
        self, clips: list[Clip], augment: Augment, teacher: Teacher, rng: np.random.Generator
    ) -> None:
        self.clips = [clip for clip in clips if clip.split == "train"]
        self.augment, self.teacher, self.rng = augment, teacher, rng

    def __call__(self, size: int) -> tuple[Tensor, Tensor]:
        """Return standardised sound [size, CROP] and the teacher's values [size, frames, 512]."""
        sounds = self.sounds(size)
        augmented = [standardise(s) for s in augment_batch(sounds, self.augment, self.rng)]
        return torch.from_numpy(np.stack(augmented)), self.teacher.convolve(np.stack(sounds))

    def sounds(self, size: int) -> list[Sound]:
        """Return so many crops of 3.2 s, as they are."""
        drawn = [self.clips[i] for i in self.rng.integers(len(self.clips), size=size)]
        return [random_crop(clip, len(clip.sound) // FRAME, self.rng)[0] for clip in drawn]


def front_features(wavlm: WavLMModel, sound: Tensor) -> Tensor:
    """Return what the layers read [n, frames, 512] of sound [n, samples], positions not yet added."""
    out: Tensor = wavlm.feature_projection(wavlm.feature_extractor(sound).transpose(1, 2))[0]
    return out


def train_front(student: Student, fronts: FrontSampler, recipe: Recipe, elapsed: Callable[[], float]) -> None:
    """Train convolutions and projection until `elapsed` says 1, by mean L1 distance less mean cosine.

    The teacher's values are standardised channel by channel; the projection is scaled back at the end.
    """
    wavlm: Any = student.net.wavlm
    first = wavlm.feature_extractor.conv_layers[0].conv
    with torch.no_grad():
        first.weight.copy_(mel_filters(first.out_channels, first.kernel_size[0])[:, None])
    known = torch.cat([fronts(recipe.batch)[1].flatten(0, 1) for _ in range(_TRIED)])
    mean, deviation = known.mean(0), known.std(0) + 1e-3
    learning = nn.ModuleList([wavlm.feature_extractor, wavlm.feature_projection])
    optimizer, steps = torch.optim.AdamW(weight_decay_groups(learning.parameters()), lr=0.0), 0
    while (share := elapsed()) < 1:
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * warm_up_cosine_decay(share)
        sound, values = fronts(recipe.batch)
        guess, wanted = align_frames(front_features(wavlm, sound), (values - mean) / deviation)
        likeness = F.cosine_similarity(guess, wanted, dim=-1).mean()
        step(learning, optimizer, (guess - wanted).abs().mean() - likeness)
        steps += 1
        if steps % _REPORTED == 0:
            print(f"{share:.0%} step {steps} likeness {likeness.item():.3f}", flush=True)
    projection = wavlm.feature_projection.projection
    with torch.no_grad():
        projection.weight.mul_(deviation[:, None])
        projection.bias.mul_(deviation).add_(mean)


@torch.no_grad()
def init_from_teacher(student: Student, teacher: Teacher, sounds: list[Sound]) -> None:
    """Put the teacher's first layers into the student's trunk; `sounds` tell which of their units matter.

    The student knows distances instead of positions, so what these are on average is added to what the layers read.
    """
    wavlm: Any = student.net.wavlm
    layers: Any = teacher.encoder.layers
    x = torch.cat([teacher.embed(sound) for sound in sounds])
    places = teacher.encoder.embed_positions.weight[: sounds[0].size // FRAME]
    wavlm.feature_projection.projection.bias.add_(places.mean(0))
    wavlm.encoder.pos_conv_embed.conv.parametrizations.weight.original0.mul_(_QUIET)
    wavlm.encoder.layers[0].attention.rel_attn_embed.weight.zero_()
    for ours, theirs in zip(wavlm.encoder.layers, layers, strict=False):
        attended = x + theirs.self_attn(theirs.self_attn_layer_norm(x), None)[0]
        units = F.gelu(theirs.fc1(theirs.final_layer_norm(attended))).flatten(0, 1)
        _copy_layer(ours, theirs, units)
        x = attended + theirs.fc2(units).view_as(attended)


def _copy_layer(ours: Any, theirs: Any, units: Tensor) -> None:
    """Copy one of the teacher's layers without the units [frames, count] that add least to its output."""
    attention = theirs.self_attn
    for part in ("k", "q", "v"):
        _copy_linear(getattr(ours.attention, f"{part}_proj"), getattr(attention, f"{part}_proj"))
    _copy_linear(ours.attention.out_proj, attention.out_proj)
    _copy_linear(ours.layer_norm, theirs.self_attn_layer_norm)
    _copy_linear(ours.final_layer_norm, theirs.final_layer_norm)
    inner, outer = ours.feed_forward.intermediate_dense, ours.feed_forward.output_dense
    order = (units.std(0) * theirs.fc2.weight.norm(dim=0)).argsort(descending=True)
    kept, left = order[: inner.out_features], order[inner.out_features :]
    inner.weight.copy_(theirs.fc1.weight[kept])
    inner.bias.copy_(theirs.fc1.bias[kept])
    outer.weight.copy_(theirs.fc2.weight[:, kept])
    outer.bias.copy_(theirs.fc2.bias + theirs.fc2.weight[:, left] @ units[:, left].mean(0))


def _copy_linear(ours: Any, theirs: Any) -> None:
    ours.weight.copy_(theirs.weight)
    ours.bias.zero_() if theirs.bias is None else ours.bias.copy_(theirs.bias)


@torch.no_grad()
def fit_distillation_map(student: Student, batch: Callable[[int], tuple[Tensor, Tensor]], size: int) -> None:
    """Fit the student's map to the teacher's values, as the student is now, by least squares.

    With a ridge of 1. `batch` gives sound and values for a size, as samplers do.
    """
    pairs = [batch(size) for _ in range(_TRIED)]
    both = [align_frames(student.net.states(s)[-1], t) for s, t in pairs]
    x = torch.cat([a.flatten(0, 1) for a, _ in both]).double()
    y = torch.cat([b.flatten(0, 1) for _, b in both]).double()
    x = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], 1)
    solved = torch.linalg.solve(x.T @ x + torch.eye(x.shape[1], dtype=x.dtype), x.T @ y).float()
    student.imitation.weight.copy_(solved[:-1].T)
    student.imitation.bias.copy_(solved[-1])
