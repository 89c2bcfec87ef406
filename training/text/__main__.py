"""Train the reader of typed lines on GoEmotions, and write inference/weights/text.

    python -m training.text train

A minute. Figures are of the validation lines with one emotion, each half with the temperature of the other.
"""

import argparse
import json
import warnings

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning

from inference.bundles import WEIGHTS
from inference.fusion.learn import Ints
from inference.fusion.rules import Array, softmax
from training.calibration import fit_temperature, least_sure, summary
from training.commands import Command, run
from training.data import data_root
from training.export import write_bundle
from training.figures import confusion_figures
from training.text.data import load
from training.text.linear import COUNT, fit, logits


def run_train(_: argparse.Namespace) -> None:
    folder = data_root() / "music"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
        tensors = fit(load(folder, "train"))
    held_out = load(folder, "dev").clear
    said, labels = logits(tensors, held_out.texts), held_out.labels
    p = _crossed(said, labels)
    metrics = summary(p, labels)
    spec = {
        "task": "emotion of an English line, by its words and word pairs",
        "config": {"numbers": COUNT},
        "temperature": round(fit_temperature(said, np.eye(said.shape[1])[labels]), 4),
        "licence": "GoEmotions is CC BY 4.0",
        "training_command": "python -m training.text train",
        "metrics": {"GoEmotions validation": metrics},
        "sure_from": round(least_sure(p, labels), 3),
    }
    write_bundle(WEIGHTS / "text", {name: torch.from_numpy(t) for name, t in tensors.items()}, spec)
    print(json.dumps(metrics | confusion_figures(p.argmax(1), labels), indent=1))


def _crossed(said: Array, labels: Ints) -> Array:
    """Posteriors [n, 7] of logits, each half of the lines with the temperature of the other."""
    p, half = np.empty_like(said), np.arange(len(said)) % 2 == 0
    for mine, other in ((half, ~half), (~half, half)):
        p[mine] = softmax(said[mine] / fit_temperature(said[other], np.eye(said.shape[1])[labels[other]]))
    return p


COMMANDS: dict[str, Command] = {"train": (run_train, "train, calibrate, export")}


def main() -> None:
    run("python -m training.text", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
