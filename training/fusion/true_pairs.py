"""Measure rules on two tables of true pairs: face alone and voice alone of the same clip.

In one people judged them, in the other nets.
"""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from inference.fusion.rules import Array, Posteriors, softmax
from inference.research.compare import OUTER_FOLDS, fit_and_apply, out_of_fold
from inference.research.learn import Groups, common_weights, group_folds, stacked_log_ratios
from inference.research.table import Table, read_rows
from training.fusion.figures import rounded, rule_figures

# Label by label, the counts of some nine raters: as much is added to each as makes an estimate of none, not of never.
_SMOOTHING = 0.2


def load(root: Path) -> dict[str, tuple[Table, Array]]:
    """Read the tables, and how face and voice together were judged [n, k].

    In one that was by people, in the other by the nets' own authors.
    """
    folder = root / "voice"
    return {
        "CREMA-D (raters)": _load(folder / "pairs_cremad.csv.gz", ("face", "voice", "av"), _SMOOTHING),
        "RAVDESS (nets)": _load(
            folder / "pairs_ravdess.csv.gz", ("face_mlp", "voice_w2v", "fusion_paper"), 0
        ),
    }


def figures(root: Path) -> dict[str, Any]:
    """Return the figures of every rule on both, out of fold by actor.

    They are counted with the voice of another actor who acts the same, too.
    """
    out = {}
    for name, (table, together) in load(root).items():
        assert table.groups is not None
        found, strange = (
            rule_figures(out_of_fold(table, _apply_rules, said), table.truth, table.groups)
            for said in (table.posteriors, with_another_actors_voice(table, table.groups))
        )
        out[name] = found | {
            "judged together": rounded(together, table.truth),
            "another actor's voice": strange,
        }
    return out


def with_another_actors_voice(table: Table, actors: Groups) -> dict[str, Array]:
    """Return posteriors [n, k] with the voice of another actor of the same fold and label, drawn at random.

    It is the row's own voice where there is no other.
    """
    rng, parts, rows = np.random.default_rng(1), group_folds(actors, OUTER_FOLDS), list[int]()
    for n, actor in enumerate(actors):
        alike = (table.truth == table.truth[n]) & (parts == parts[n])
        rows.append(
            int(rng.choice(others)) if len(others := np.flatnonzero(alike & (actors != actor))) else n
        )
    return {**table.posteriors, "voice": table.posteriors["voice"][rows]}


def _apply_rules(seen: Table, posteriors: Posteriors) -> dict[str, Array]:
    """Return what the product's rules answer, and two others fitted to the same rows."""
    fitted = {"log pool": _log_pool, "stacking": _stacking}
    return fit_and_apply(seen, posteriors) | {name: rule(seen, posteriors) for name, rule in fitted.items()}


def _log_pool(seen: Table, posteriors: Posteriors) -> Array:
    """Return logarithms added with one weight a modality: what `inference.research.learn` shrinks towards."""
    weights = common_weights(stacked_log_ratios(seen.posteriors), np.eye(len(seen.labels))[seen.truth])
    return softmax(np.einsum("m,mnk->nk", weights, stacked_log_ratios(posteriors)))


def _stacking(seen: Table, posteriors: Posteriors) -> Array:
    """Return logistic regression on all logarithms, shrunken by scikit-learn's default."""

    def features(said: Posteriors) -> Array:
        return np.concatenate(list(stacked_log_ratios(said)), axis=1)

    model = LogisticRegression(max_iter=2000).fit(features(seen.posteriors), seen.truth)
    out: Array = model.predict_proba(features(posteriors))
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
