"""Draw for the model card whether confidence is right, and what refusing to answer buys."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.calibration import Floats, Ints

_BINS = 15
_INK, _SOFT, _ACCENT = "#1d2433", "#c9cfdb", "#2f6fdb"


def reliability_picture(
    path: Path, probabilities: Floats, labels: Ints, sure_from: float, title: str
) -> None:
    """Draw the reliability diagram and the risk-coverage curve of probabilities [n, k] into a PNG."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 3.8), dpi=110, layout="constrained")
        left, middle = figure.subplots(1, 2)
        _reliability(left, confidence, right, sure_from)
        _coverage(middle, confidence, right, sure_from)
        figure.suptitle(title, color=_INK)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Software": None})


def _reliability(axes: Axes, confidence: Floats, right: Ints, sure_from: float) -> None:
    edges = np.linspace(0, 1, _BINS + 1)
    index = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    full = np.unique(index)
    accuracy = [right[index == b].mean() for b in full]
    share = [(index == b).mean() for b in full]
    axes.bar(edges[full], share, 1 / _BINS, align="edge", color=_SOFT, label="share of the faces or voices")
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle="--", label="as right as it says")
    middle = [confidence[index == b].mean() for b in full]
    axes.plot(middle, accuracy, color=_ACCENT, marker="o", markersize=4, label="as right as it is")
    axes.axvline(sure_from, color=_INK, linewidth=0.8)
    axes.annotate("not sure", (sure_from, 0.97), (-4, 0), textcoords="offset points", ha="right", va="top")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="accuracy")
    axes.legend(loc="upper left", bbox_to_anchor=(0, 0.92), fontsize=8, frameon=False)


def _coverage(axes: Axes, confidence: Floats, right: Ints, sure_from: float) -> None:
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1) / len(order)
    risk = 1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    shown = answered > 0.02  # the first few answers are a matter of chance
    axes.plot(answered[shown], risk[shown], color=_ACCENT)
    now = (confidence >= sure_from).mean()
    axes.plot([now], [np.interp(now, answered, risk)], "o", color=_INK)
    axes.annotate(
        "answers given as sure",
        (now, np.interp(now, answered, risk)),
        (-8, 8),
        textcoords="offset points",
        ha="right",
    )
    axes.set(
        xlim=(0, 1), ylim=(0, None), xlabel="share answered, the surest first", ylabel="share of them wrong"
    )
