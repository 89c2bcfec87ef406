"""Train the reader of typed lines on GoEmotions, and write inference/weights/text.

    python -m training.text train
    python -m training.text count [--translations /usr/share/locale]

A minute each. Figures are of the validation lines with one emotion, each half with the temperature of the other.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning

from inference.bundles import WEIGHTS
from inference.fusion.rules import Array, softmax
from inference.research.compare import figures
from inference.research.learn import Ints
from inference.text.features import is_negation, tokens
from inference.text.model import TextModel
from training.calibration import fit_temperature, least_sure, summary
from training.commands import Command, option, run
from training.data import data_root
from training.export import write_bundle
from training.figures import confusion_figures
from training.text import language, lines
from training.text.data import load
from training.text.linear import COUNT, fit, known, logits


def run_train(_: argparse.Namespace) -> None:
    """Train, calibrate and write the bundle, and print its figures."""
    folder = data_root() / "music"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
        tensors = fit(load(folder, "train"))
    held_out = load(folder, "dev").clear
    scores, labels = logits(tensors, held_out.texts), held_out.labels
    p = _cross_calibrated(scores, labels)
    metrics, denied = summary(p, labels), _with_negation(held_out.texts)
    negated = summary(p[denied], labels[denied])
    spec = {
        "task": "emotion of an English line, by its words and word pairs",
        "config": {"numbers": COUNT},
        "temperature": round(fit_temperature(scores, np.eye(scores.shape[1])[labels]), 4),
        "licence": "GoEmotions is CC BY 4.0",
        "training_command": "python -m training.text train",
        "metrics": {"GoEmotions validation": metrics, "of these, with a negation": negated},
        "sure_from": round(least_sure(p, labels), 3),
    }
    write_bundle(WEIGHTS / "text", {name: torch.from_numpy(t) for name, t in tensors.items()}, spec)
    found = {"log_loss": _log_loss(p, labels)} | confusion_figures(p.argmax(1), labels)
    negated["log_loss"] = _log_loss(p[denied], labels[denied])
    print(json.dumps(metrics | found | {"with a negation": negated}, indent=1))


def run_count(args: argparse.Namespace) -> None:
    """Print what passes as English, and what is said of negations, by the bundled model."""
    model, texts = TextModel(WEIGHTS / "text"), load(data_root() / "music", "dev").texts
    passing = {
        "validation lines": texts,
        "of up to four words": [text for text in texts if len(text.split()) <= 4],
        "short English lines": lines.english(),
        "short lines in other languages": lines.foreign(),
    }
    if args.translations:
        passing["translated messages"] = language.translations(args.translations, language.COUNTED)
        print("fitted:", _fitted_language(args.translations))
    for what, chosen in passing.items():
        print(f"{what}: {language.passing(model, chosen):.2%} of {len(chosen)}")
    _count_negated(model)


def _fitted_language(folder: Path) -> tuple[float, float, float]:
    """Fit the language test to as many lines of GoEmotions as of translations."""
    texts = load(data_root() / "music", "train").texts
    foreign = language.translations(folder, language.FITTED)
    return language.fit(texts[: len(foreign)], foreign, frozenset(known(texts).tolist()))


def _count_negated(model: TextModel) -> None:
    read = [(line, model.read(line.encode()).posterior, wanted) for line, wanted in lines.negated()]
    wrong = [(line, posterior) for line, posterior, wanted in read if posterior.top.value not in wanted]
    print(f"negations read as nobody would: {len(wrong)} of {len(read)}")
    for line, posterior in wrong:
        print(f"  {line}: {posterior.top.value} {posterior.confidence:.2f}")


def _with_negation(texts: list[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.array([any(map(is_negation, tokens(text))) for text in texts])


def _log_loss(p: Array, labels: Ints) -> float:
    return round(figures(p, labels)["log_loss"], 4)


def _cross_calibrated(scores: Array, labels: Ints) -> Array:
    """Return posteriors [n, 7] of logits, each half of the lines at the temperature of the other."""
    p, half = np.empty_like(scores), np.arange(len(scores)) % 2 == 0
    for mine, other in ((half, ~half), (~half, half)):
        p[mine] = softmax(
            scores[mine] / fit_temperature(scores[other], np.eye(scores.shape[1])[labels[other]])
        )
    return p


COMMANDS: dict[str, Command] = {
    "train": (run_train, "train, calibrate, export"),
    "count": (
        run_count,
        "count what passes as English and what negations do",
        option(
            "--translations",
            type=Path,
            help="a folder of .mo files: count and fit on messages of GTK and GLib",
        ),
    ),
}


def main() -> None:
    """Run the command that the command line names."""
    run("python -m training.text", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
