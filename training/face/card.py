"""The report's figures as the tables of the model card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from affect import EMOTIONS
from training.face.spoil import STRENGTHS


def tables(report: Mapping[str, Any]) -> str:
    """Markdown: classes with their confusions, refusing, rough groups, spoilt faces."""
    parts = [_classes(report["classes"]), _coverage(report["coverage"]), _groups(report["groups"])]
    return "\n\n".join("\n".join(part) for part in [*parts, _spoilt(report["spoilt"])])


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _head(*cells: object) -> Iterator[str]:
    yield _row(*cells)
    yield f"|{'---|' * len(cells)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _classes(figures: Mapping[str, Any]) -> Iterator[str]:
    names = [e.value for e in EMOTIONS]
    yield from _head("most raters saw", "n", "recall %", *(f"read as {name}" for name in names))
    for label, row in figures["confusion"].items():
        counts = [row.get(name, 0) for name in names]
        yield _row(label, sum(counts), _percent(figures["recall"][label]), *counts)


def _coverage(figures: Mapping[str, float]) -> Iterator[str]:
    yield from _head("", "%")
    yield from (_row(name, _percent(value)) for name, value in figures.items())


def _groups(groups: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield from _head("", "n", "accuracy %", "recall %", "ECE")
    for name, g in groups.items():
        recall, error = _percent(g["unweighted_average_recall"]), f"{g['expected_calibration_error']:.3f}"
        yield _row(name, g["n"], _percent(g["accuracy"]), recall, error)


def _spoilt(spoilt: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    yield from _head("", "slight", "more", "strong")
    for name, figures in spoilt.items():
        strengths = [f"{s}: " for s in STRENGTHS[name][1]] if name in STRENGTHS else [""]
        pairs = zip(strengths, figures, strict=True)
        cells = [f"{strength}{_percent(f['accuracy'])} ({f['weight']:.2f})" for strength, f in pairs]
        yield _row(name, *cells, *[""] * (3 - len(cells)))
