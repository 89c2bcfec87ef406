"""Train the voice net.

    python -m training.voice targets                 what the teacher hears in every clip (10 minutes, 2 GB)
    python -m training.voice imitate --minutes 50    learn to hear the same, without labels
    python -m training.voice probe                   fit the head to what it hears then (5 minutes)

The learning rate follows the clock, so a run ends when it was told to on any machine. `--init` continues from weights.
"""

import argparse
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inference.voice.decode import RATE
from inference.voice.net import VoiceNet, compact_config, standardise
from training import voice_probe
from training.average import Average
from training.data import data_root
from training.voice_augment import Augmenter
from training.voice_data import (
    CROP,
    Clip,
    load_clips,
    load_noises,
    load_rooms,
)

FRAME = 320  # samples between two of the net's frames, and two of the teacher's
WIDTH = 1024  # the teacher's layers 2 and 4, side by side


class Student(nn.Module):
    """The net and, for training only, a linear map from its last layer to the teacher's standardised values."""

    def __init__(self) -> None:
        super().__init__()
        self.net = VoiceNet(compact_config())
        self.imitation = nn.Linear(self.net.config.hidden_size, WIDTH)

    def forward(self, sound: Tensor) -> Tensor:
        """Standardised sound [batch, samples] -> the teacher's values [batch, frames, WIDTH]."""
        values: Tensor = self.imitation(self.net.states(sound)[-1])
        return values


class Targets:
    """The teacher's values for every clip, standardised per channel."""

    def __init__(self, folder: Path, paths: list[str]) -> None:
        self.values = np.load(folder / "targets.npy", mmap_mode="r")
        spans = np.load(folder / "spans.npz")
        self.span = {
            p: (int(a), int(b))
            for p, a, b in zip(spans["paths"], spans["starts"], spans["stops"], strict=True)
        }
        sample = self.values[:: max(1, len(self.values) // 50_000)].astype(np.float32)
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-4
        if missing := set(paths) - set(self.span):
            raise SystemExit(f"{len(missing)} clips have no targets: run `targets` again")

    def __call__(self, path: str) -> NDArray[np.float32]:
        """[frames, WIDTH] of one clip."""
        start, stop = self.span[path]
        values: NDArray[np.float32] = (self.values[start:stop] - self.mean) / self.deviation
        return values


def make_targets(clips: list[Clip], folder: Path) -> None:
    """Run the teacher over all clips and store its values as one fp16 array."""
    from training.whisper import Teacher

    teacher = Teacher()
    parts, begin = [], time.monotonic()
    for i, clip in enumerate(clips):
        parts.append(teacher(clip.sound[: 29 * RATE].astype(np.float32) / np.float32(32768)))
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


def crop(
    clip: Clip, target: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """3.2 s of sound and the matching frames; a shorter clip is repeated, so that no padding enters the statistics."""
    frames = min(len(target), len(clip.sound) // FRAME)
    wanted = CROP // FRAME
    start = int(rng.integers(max(1, frames - wanted + 1)))
    index = (
        (start + np.arange(wanted))
        if frames >= wanted
        else (int(rng.integers(frames)) + np.arange(wanted)) % frames
    )
    sound = clip.sound[: frames * FRAME].reshape(frames, FRAME)[index].reshape(-1).astype(np.float32)
    return sound, target[index]


class Sampler:
    """Batches of anything that is speech, spoilt, with what the teacher hears in it unspoilt."""

    def __init__(
        self, clips: list[Clip], targets: Targets, augment: Augmenter, rng: np.random.Generator
    ) -> None:
        self.clips = [c for c in clips if c.split == "train"]
        self.targets, self.augment, self.rng = targets, augment, rng
        # Corpora come by the root of their size, so that small ones (and their languages) are heard.
        sizes = Counter(c.corpus for c in self.clips)
        weights = np.array([sizes[c.corpus] ** -0.5 for c in self.clips])
        self.weights = weights / weights.sum()

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Sound [n, samples], teacher's values [n, frames, WIDTH]."""
        drawn = [self.clips[i] for i in self.rng.choice(len(self.clips), size, p=self.weights)]
        pairs = [crop(c, self.targets(c.path), self.rng) for c in drawn]
        sounds = [s for s, _ in pairs]
        spoilt = [standardise(self.augment(s, sounds[i - 1], self.rng)) for i, s in enumerate(sounds)]
        return torch.from_numpy(np.stack(spoilt)), torch.from_numpy(np.stack([t for _, t in pairs]))


def imitation_loss(guess: Tensor, target: Tensor) -> Tensor:
    """L1 - cosine, layer by layer."""
    frames = min(guess.shape[1], target.shape[1])
    g, t = (x[:, :frames].unflatten(2, (2, -1)) for x in (guess, target))
    loss: Tensor = (g - t).abs().mean() - F.cosine_similarity(g, t, dim=-1).mean()
    return loss


@torch.inference_mode()
def validation_logits(net: VoiceNet, clips: list[Clip], seconds: float = 8) -> NDArray[np.float32]:
    """Logits [n, 7], one clip at a time at its real length (shorter than a crop: repeated, as in training)."""
    net.train(False)
    out = []
    for clip in clips:
        sound = standardise(clip.sound[: int(seconds * RATE)].astype(np.float32))
        if len(sound) < CROP:
            sound = np.resize(sound, CROP)
        out.append(net(torch.from_numpy(sound)[None])[0].numpy())
    return np.stack(out)


def recall(predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """Unweighted average recall over the labels that occur."""
    return float(np.mean([(predicted[labels == k] == k).mean() for k in np.unique(labels)]))


def report(net: VoiceNet, clips: list[Clip]) -> dict[str, float]:
    """Unweighted average recall over the pooled validation clips and per corpus."""
    rated = [c for c in clips if c.split == "validation" and c.label >= 0]
    guess = validation_logits(net, rated).argmax(1)
    labels, corpora = np.array([c.label for c in rated]), np.array([c.corpus for c in rated])
    table = {"pooled": recall(guess, labels)}
    return table | {
        c: round(recall(guess[corpora == c], labels[corpora == c]), 3) for c in np.unique(corpora)
    }


def imitate(student: Student, sampler: Sampler, args: argparse.Namespace) -> Student:
    """Train until the minutes are over; returns the averaged student."""
    average = Average(student)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in student.parameters() if p.ndim > 1], "weight_decay": 0.05},
            {"params": [p for p in student.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=args.rate,
    )
    begin, steps, share = time.monotonic(), 0, 0.0
    while share < 1:
        share = (time.monotonic() - begin) / (60 * args.minutes)
        for group in optimizer.param_groups:
            group["lr"] = (
                args.rate * min(1.0, (steps + 1) / 60) * 0.5 * (1 + math.cos(math.pi * min(share, 1)))
            )
        student.train()
        sound, target = sampler.batch(args.batch)
        loss = imitation_loss(student(sound), target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        average.update(student)
        steps += 1
        if steps % 50 == 0:
            print(f"{share:.0%} step {steps} loss {loss:.3f}", flush=True)
            save_file(average.module.state_dict(), args.out / "imitate.safetensors")
    print(f"{steps} steps of {args.batch} crops", flush=True)
    return average.module


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", choices=["targets", "imitate", "probe"])
    parser.add_argument("--minutes", type=float, default=50)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--init", type=Path, help="safetensors of a student to continue from")
    parser.add_argument("--out", type=Path, default=Path("runs/voice"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    folder = data_root() / "voice"
    clips = load_clips(folder)
    if args.stage == "targets":
        make_targets(clips, args.out)
        return
    student = Student()
    if args.init:
        student.load_state_dict({k: v.float() for k, v in load_file(args.init).items()})
    if args.stage == "imitate":
        targets = Targets(args.out, [c.path for c in clips])
        augment = Augmenter(load_noises(folder), load_rooms(folder))
        student = imitate(student, Sampler(clips, targets, augment, np.random.default_rng(args.seed)), args)
    else:
        voice_probe.fit_head(student.net, clips)
        print(report(student.net, clips), flush=True)
    save_file(student.state_dict(), args.out / f"{args.stage}.safetensors")


if __name__ == "__main__":
    main()
