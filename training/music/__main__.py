"""`python -m training.music evaluate|train|deviations`: the machine's figures by cross-validation, its weights under
music/sound/weights, and how much every other source of moods tells.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.torch import save_file

from music.sound.machine import WEIGHTS, Machine
from training.commands import run
from training.data import data_root
from training.music.clips import Clips, load_clips
from training.music.deviations import deviations
from training.music.evaluate import cross_validated
from training.music.fit import fit

_TENSORS = ("mean", "scale", "vectors", "votes", "offsets", "weights", "biases")


def evaluate(args: argparse.Namespace) -> None:
    """Print the figures of both."""
    clips = load_clips(args.clips)
    print(json.dumps(_figures(clips, args.seed), indent=1))


def train(args: argparse.Namespace) -> None:
    """Fit on all clips and write the weights, with the figures of cross-validation beside them."""
    clips = load_clips(args.clips)
    _write(args.out, fit(clips, np.arange(len(clips.y)), args.seed), _figures(clips, args.seed))


def tell(args: argparse.Namespace) -> None:
    """Print what each source's deviation follows from."""
    print(json.dumps(deviations(args.clips), indent=1))


def _figures(clips: Clips, seed: int) -> dict[str, object]:
    artists = len(set(clips.artists.tolist()))
    return {
        "clips": len(clips.y),
        "artists": artists,
        "ms_per_clip": round(clips.ms, 1),
        **cross_validated(clips, seed),
    }


def _write(folder: Path, machine: Machine, figures: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: getattr(machine, name).half().contiguous() for name in _TENSORS}
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    spec = {
        "what": "high arousal and high valence of music from statistics of its sound",
        "sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        "gamma": machine.gamma,
        "trained_on": "excerpts of the 4Q audio emotion data set (Panda, Malheiro, Paiva 2018), for research",
        "figures": figures,
    }
    (folder / "spec.json").write_text(json.dumps(spec, indent=1) + "\n")


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clips", type=Path, default=data_root() / "music")


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=WEIGHTS)


if __name__ == "__main__":
    run(
        "python -m training.music",
        __doc__,
        {
            "evaluate": (evaluate, "figures by cross-validation"),
            "train": (train, "write the weights", _out),
            "deviations": (tell, "how much values, genres, titles, tags and answers tell"),
        },
        _common,
    )
