"""Two tables of true pairs: what people, and what nets, say of the face alone and the voice alone of the same clip."""

from pathlib import Path
from typing import Any

import numpy as np

from inference.fusion.compare import out_of_fold
from inference.fusion.rules import Array
from inference.fusion.table import Table, read_rows
from training.fusion.figures import of_rules

# Label by label, the counts of some nine raters: as much is added to each as makes an estimate of none, not of never.
_SMOOTHING = 0.2


def load(root: Path) -> dict[str, tuple[Table, Array]]:
    """The tables, and how face and voice together were judged [n, k]: by people, and by the nets' own authors."""
    folder = root / "voice"
    return {
        "CREMA-D (raters)": _load(folder / "pairs_cremad.csv.gz", ("face", "voice", "av"), _SMOOTHING),
        "RAVDESS (nets)": _load(
            folder / "pairs_ravdess.csv.gz", ("face_mlp", "voice_w2v", "fusion_paper"), 0
        ),
    }


def figures(root: Path) -> dict[str, Any]:
    """Every rule on both, out of fold by actor."""
    out = {}
    for name, (table, together) in load(root).items():
        assert table.groups is not None
        answers = {"judged together": together, **out_of_fold(table)}
        out[name] = of_rules(answers, table.truth, table.groups)
    return out


def _load(path: Path, prefixes: tuple[str, str, str], smoothing: float) -> tuple[Table, Array]:
    rows, _ = read_rows(path)
    labels = sorted({row["emotion"] for row in rows})

    def posteriors(prefix: str) -> Array:
        counts = np.array([[float(row[f"{prefix}_{label}"]) + smoothing for label in labels] for row in rows])
        out: Array = counts / counts.sum(1, keepdims=True)
        return out

    face, voice, together = map(posteriors, prefixes)
    truth = np.array([labels.index(row["emotion"]) for row in rows])
    actors = np.array([row["actor"] for row in rows])
    return Table(labels, {"face": face, "voice": voice}, truth, actors), together
