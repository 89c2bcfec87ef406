"""Make copies of clips as real voice notes, spoken a little differently and encoded anew, before training.

Opus takes about thirty times as long as everything else that is done to a crop, so it is done once for each clip.
"""

import csv
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import numpy as np

from training.voice.data.augmentation import perturb_speed_and_pitch
from training.voice.data.clips import Clip
from training.voice.data.effects import opus_file

_COLUMNS = ("path", "corpus", "language", "speaker", "emotion", "split")
_RATES = (12.0, 32.0)  # kbit/s of voice notes
_PEAK = 0.9  # above it, the encoder's own changes would be clipped


def augment_offline(clips: Iterable[Clip], folder: Path, seed: int) -> None:
    """Write a changed Ogg/Opus copy of each clip that is trained on, and a manifest that `load_corpus` reads.

    Copies are the same for the same seed, whatever other clips there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        for clip in clips:
            if clip.split == "train":
                path = _path(clip, seed)
                _write(clip, folder / path, seed)
                table.writerow((path, clip.corpus, clip.language, clip.speaker, clip.emotion, clip.split))


def _path(clip: Clip, seed: int) -> PurePosixPath:
    """Return the path of a copy, unlike the clip's own and unlike that of its copy by another seed."""
    return PurePosixPath(f"copy{seed}", clip.path).with_suffix(".ogg")


def _write(clip: Clip, path: Path, seed: int) -> None:
    rng = np.random.default_rng([seed, *clip.path.encode()])
    sound = perturb_speed_and_pitch(clip.samples, rng)
    sound *= min(1.0, _PEAK / max(float(np.abs(sound).max()), 1e-6))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(opus_file(sound, rng.uniform(*_RATES)))
