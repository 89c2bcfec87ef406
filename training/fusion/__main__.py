"""Fit and measure how face, voice and text are pooled.

    python -m training.fusion true-pairs        every rule on both tables of true pairs
    python -m training.fusion predict           what the bundled models say of held-out people, kept in runs/fusion
    python -m training.fusion fit               fits inference/weights/fusion.json to sets of them
    python -m training.fusion evaluate          every rule on people not fitted to, clean and corrupted; a picture
    python -m training.fusion simulate-corrections    what correcting the bot would do for two kinds of people

`predict` takes some minutes and must be run again when weights have changed (`predict voices` for one kind alone).
Faces on which something is fitted are PublicTest's; those on which it is counted, `test_faces`, are PrivateTest's.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from inference.bundles import WEIGHTS
from inference.fusion import FusionRules
from training.commands import Command, option, run
from training.data import data_root
from training.fusion import corrections, pooling, predictions, true_pairs
from training.fusion.predictions import Predictions

_KEPT = Path("runs/fusion")
_READERS: dict[str, Callable[[Path], Predictions]] = {
    "faces": predictions.faces,
    "test_faces": partial(predictions.faces, part="PrivateTest"),
    "voices": predictions.voices,
    "texts": predictions.texts,
}
_MODALITIES = {"faces": "face", "test_faces": "face", "voices": "voice", "texts": "text"}


def run_true_pairs(_: argparse.Namespace) -> None:
    """Print every rule's figures on both tables of true pairs."""
    _show(true_pairs.figures(data_root()))


def run_predict(args: argparse.Namespace) -> None:
    """Read held-out people with the bundled models, and store what these say."""
    for kind in args.kinds or _READERS:
        _READERS[kind](data_root()).save(_KEPT / f"{kind}.npz")


def run_fit(_: argparse.Namespace) -> None:
    """Fit fusion.json to what `predict` has stored, and print its thresholds."""
    _show(pooling.fit(_kept("faces", "voices", "texts")))


def run_evaluate(args: argparse.Namespace) -> None:
    """Print the figures of what `predict` has stored."""
    known, unseen = (_kept(faces, "voices", "texts") for faces in ("faces", "test_faces"))
    _show(pooling.evaluate(known, unseen, FusionRules.load(WEIGHTS / "fusion.json"), args.picture))


def run_simulate_corrections(_: argparse.Namespace) -> None:
    """Print what correcting would do for two kinds of people."""
    _show(corrections.simulate(_kept("faces", "voices"), _kept("test_faces", "voices")))


def _kept(*kinds: str) -> dict[str, Predictions]:
    """Return what `predict` has stored, by modality.

    Raises SystemExit when it has not, or with other weights than the present.
    """
    if missing := [kind for kind in kinds if not (_KEPT / f"{kind}.npz").is_file()]:
        raise SystemExit(f"nothing is known of {' and '.join(missing)} in {_KEPT}: run `predict` first")
    kept = {_MODALITIES[kind]: Predictions.load(_KEPT / f"{kind}.npz") for kind in kinds}
    if old := [m for m, side in kept.items() if side.model != predictions.model_of(m)]:
        raise SystemExit(f"the weights of {' and '.join(old)} have changed: run `predict` again")
    return kept


def _show(figures: dict[str, Any]) -> None:
    print(json.dumps(figures, indent=1))


_KINDS = option("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(_READERS)}; all if none is named")
_PICTURE = option("--picture", type=Path, default=Path("docs/fusion-coverage.png"))
COMMANDS: dict[str, Command] = {
    "true-pairs": (run_true_pairs, "every rule on both tables of true pairs"),
    "predict": (run_predict, "read held-out people with the bundled models", _KINDS),
    "fit": (run_fit, "fit to what `predict` has stored"),
    "evaluate": (run_evaluate, "figures of what `predict` has stored", _PICTURE),
    "simulate-corrections": (run_simulate_corrections, "simulate people who correct what is read"),
}


def main() -> None:
    """Run the command that the command line names."""
    run("python -m training.fusion", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
