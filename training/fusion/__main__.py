"""Fit and measure how face, voice and text are pooled.

    python -m training.fusion tables            every rule on both tables of true pairs
    python -m training.fusion look              what the bundled models say of held-out people, kept in runs/fusion
    python -m training.fusion own               fits inference/weights/fusion.json to sets of them, draws the picture
    python -m training.fusion measure           every rule on such sets, clean and spoilt, of people not fitted to
    python -m training.fusion corrections       what correcting the bot would do for two kinds of people

`look` takes some minutes and must be run again when weights have changed (`look voices` for one kind alone).
"""

import argparse
import json
from pathlib import Path
from typing import Any

from training.commands import Command, option, run
from training.data import data_root
from training.fusion import corrections, own, sides, tables
from training.fusion.sides import Side

_KEPT = Path("runs/fusion")
_READERS = {"faces": sides.faces, "voices": sides.voices, "texts": sides.texts}


def run_tables(_: argparse.Namespace) -> None:
    _show(tables.figures(data_root()))


def run_look(args: argparse.Namespace) -> None:
    for kind in args.kinds or _READERS:
        _READERS[kind](data_root()).save(_KEPT / f"{kind}.npz")


def run_own(args: argparse.Namespace) -> None:
    _show(own.fit(_kept(), args.picture))


def run_measure(_: argparse.Namespace) -> None:
    _show(own.measure(_kept()))


def run_corrections(_: argparse.Namespace) -> None:
    kept = _kept()
    _show(corrections.simulate({m: kept[m] for m in ("face", "voice")}))


def _kept() -> dict[str, Side]:
    return {kind.removesuffix("s"): Side.load(_KEPT / f"{kind}.npz") for kind in _READERS}


def _show(figures: dict[str, Any]) -> None:
    print(json.dumps(figures, indent=1))


_KINDS = option("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(_READERS)}; all if none is named")
_PICTURE = option("--picture", type=Path, default=Path("docs/fusion-coverage.png"))
COMMANDS: dict[str, Command] = {
    "tables": (run_tables, "every rule on both tables of true pairs"),
    "look": (run_look, "read held-out people with the bundled models", _KINDS),
    "own": (run_own, "fit to what `look` has read", _PICTURE),
    "measure": (run_measure, "figures of what `look` has read"),
    "corrections": (run_corrections, "simulate people who correct what is read"),
}


def main() -> None:
    run("python -m training.fusion", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
