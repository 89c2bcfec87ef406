"""Write the report's figures as the tables of the model card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain import EMOTIONS
from training.face.data.corruptions import STRENGTHS
from training.markdown import head, percent, row


def tables(report: Mapping[str, Any]) -> str:
    """Return Markdown tables of classes with their confusions, refusing, rough groups and corrupted faces."""
    parts = [_classes(report["classes"]), _coverage(report["coverage"]), _groups(report["groups"])]
    return "\n\n".join("\n".join(part) for part in [*parts, _corrupted(report["corrupted"])])


def _classes(figures: Mapping[str, Any]) -> Iterator[str]:
    names = [e.value for e in EMOTIONS]
    yield from head("most raters saw", "n", "recall %", *(f"read as {name}" for name in names))
    for label, named in figures["confusion"].items():
        counts = [named.get(name, 0) for name in names]
        yield row(label, sum(counts), percent(figures["recall"][label]), *counts)


def _coverage(figures: Mapping[str, float]) -> Iterator[str]:
    yield from head("", "%")
    yield from (row(name, percent(value)) for name, value in figures.items())


def _groups(groups: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield from head("", "n", "accuracy %", "recall %", "ECE")
    for name, g in groups.items():
        recall, error = percent(g["unweighted_average_recall"]), f"{g['expected_calibration_error']:.3f}"
        yield row(name, g["n"], percent(g["accuracy"]), recall, error)


def _corrupted(corrupted: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    yield from head("", "slight", "more", "strong")
    for name, figures in corrupted.items():
        strengths = [f"{s}: " for s in STRENGTHS[name][1]] if name in STRENGTHS else [""]
        pairs = zip(strengths, figures, strict=True)
        cells = [f"{strength}{percent(f['accuracy'])} ({f['weight']:.2f})" for strength, f in pairs]
        yield row(name, *cells, *[""] * (3 - len(cells)))
