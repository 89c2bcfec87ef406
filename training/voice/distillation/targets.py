"""Store what the teacher hears in every clip, and read it again."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.voice.decode import RATE, Sound
from training.files import BadData
from training.voice.data.clips import Clip

_LONGEST = 29 * RATE  # samples that the teacher hears of a clip: it knows no more than 30 s


class TeacherTargets:
    """Hold the teacher's values for every clip, standardised per channel."""

    def __init__(self, folder: Path, clips: Iterable[Clip]) -> None:
        """Read what `store_targets` stored; raises BadData where a clip is missing in it."""
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
        """Return the values [frames, 1024] of the clip with this path."""
        start, stop = self.span[path]
        values: NDArray[np.float32] = (self.values[start:stop] - self.mean) / self.deviation
        return values


def store_targets(teacher: Callable[[Sound], NDArray[np.float16]], clips: list[Clip], folder: Path) -> None:
    """Let the teacher hear all clips, and store its values.

    They are one float16 array in targets.npy; spans.npz says where each clip's are in it.
    """
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
