"""Write the report's figures as the tables of the model card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inference.voice.net import LABELS
from training.markdown import head, percent, row

# Mean recall in % of people who listened to the same recordings, all of them, with the corpus' own labels.
PEOPLE = {
    "ravdess": "60 (Livingstone and Russo 2018: eight labels, sound alone)",
    "emodb": "over 80 (Burkhardt et al. 2005: seven labels; what fewer recognised was left out)",
}


def tables(report: Mapping[str, Any]) -> str:
    """Return Markdown tables of corpora and languages, confusions, refusing, corpora left out, corrupted voices."""
    figures = report["figures"]
    corpora = {"**pooled**": figures["pooled"], **figures["by corpus"]}
    if report["eight"]:
        corpora["ravdess, its eight labels"] = report["eight"]
    parts = [
        _groups("validation speakers", corpora, PEOPLE),
        _groups("language", figures["by language"], {}),
        _confusion(figures["pooled"]),
        _coverage(report["coverage"]),
        _left_out(report["left out"]),
        _corrupted(report["corrupted"]),
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def _groups(title: str, groups: Mapping[str, Mapping[str, Any]], people: Mapping[str, str]) -> Iterator[str]:
    yield from head(title, "n", "accuracy %", "recall %", "ECE", *["people, %"] * bool(people))
    for name, g in groups.items():
        shares = [percent(g[figure]) for figure in ("accuracy", "unweighted_average_recall")]
        listened = [people.get(name, "")] * bool(people)
        yield row(name, g["n"], *shares, f"{g['expected_calibration_error']:.3f}", *listened)


def _confusion(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from head("spoken as", "n", "recall %", *(f"read as {name}" for name in LABELS))
    for label, read in figures["confusion"].items():
        counts = [read.get(name, 0) for name in LABELS]
        yield row(label, sum(counts), percent(figures["recall"][label]), *counts)


def _coverage(figures: Mapping[str, float]) -> Iterator[str]:
    yield from head("", "%")
    yield from (row(name, percent(value)) for name, value in figures.items())


def _left_out(corpora: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield from head(
        "corpus left out", "n", "its labels", "recall %, of seven answers", "among its labels", "chance"
    )
    for name, g in corpora.items():
        recalls = [percent(g[figure]) for figure in ("unweighted_average_recall", "among_its_own_labels")]
        yield row(name, g["n"], g["labels"], *recalls, percent(1 / g["labels"]))


def _corrupted(corrupted: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    yield from head("recall % (weight)", "slight", "more", "strong")
    for name, figures in corrupted.items():
        strengths = [f"{f['strength']:g}: " if "strength" in f else "" for f in figures]
        read = [f"{percent(f['recall'])} ({f['weight']:.2f})" for f in figures]
        cells = map("".join, zip(strengths, read, strict=True))
        yield row(name, *cells, *[""] * (3 - len(figures)))
