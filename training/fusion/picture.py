"""Draw what refusing to answer buys: the picture of the model card."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from inference.fusion.rules import Array
from inference.research.learn import Ints

_COLOURS = {"face": "#d9822b", "voice": "#2f9e77", "text": "#8c5bd6", "attune": "#2f6fdb"}
_NAMES = {"attune": "face and voice together"}
_CHANCE = 0.02  # of the answers, the first ones, whose risk is a matter of chance


def coverage_picture(path: Path, answers: Mapping[str, tuple[Array, Ints, float]]) -> None:
    """Draw the risk-coverage curve of each rule into a PNG.

    `answers` has, by rule, posteriors [n, k], right labels [n] and the confidence from which it is sure.
    """
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(6.4, 4), dpi=110, layout="constrained")
        axes = figure.subplots()
        for name, (p, truth, sure_from) in answers.items():
            answered, risk, now = _curve(p, truth, sure_from)
            axes.plot(answered, risk, color=_COLOURS[name], label=_NAMES.get(name, name))
            axes.plot([now], [np.interp(now, answered, risk)], "o", color=_COLOURS[name])
        axes.set(
            xlim=(0, 1),
            ylim=(0, None),
            xlabel="share answered, the surest first",
            ylabel="share of them wrong",
        )
        axes.set_title("What is said as sure (dots), and what refusing more would buy", fontsize=10)
        axes.legend(loc="upper left", frameon=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Software": None})


def _curve(p: Array, truth: Ints, sure_from: float) -> tuple[Array, Array, float]:
    """Return shares answered, the share of wrong ones among them, and the share that is said as sure."""
    confidence, wrong = p.max(1), p.argmax(1) != truth
    order = np.argsort(-confidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    answered, risk = count / len(order), np.cumsum(wrong[order]) / count
    shown = answered > _CHANCE
    return answered[shown], risk[shown], float((confidence >= sure_from).mean())
