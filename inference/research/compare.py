"""Compare all rules on one table of posteriors, as they are or fitted to it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from inference.fusion.rules import RULES, UNFITTED, Array, FusionParameters, Posteriors, Trust
from inference.research.learn import Ints, fit_pool, group_folds
from inference.research.table import Table

OUTER_FOLDS = 8

# From rows whose labels may be seen and posteriors of others [n, k] by modality: those rows' posteriors by rule.
FitAndApply = Callable[[Table, Posteriors], dict[str, Array]]


def compare(table: Table, learned: FusionParameters = UNFITTED) -> dict[str, Any]:
    """Return figures of each modality alone and of every rule, which knows what was learned elsewhere."""
    return _figures_of(table, apply_rules(table.posteriors, learned), "as they are")


def compare_fitted(table: Table) -> dict[str, Any]:
    """Return figures of each modality alone and of every rule, fitted to the table itself.

    With groups it is taught by folds without the row's group, so that no row helped to answer for itself; without, by
    all rows, each being a group of its own while it is chosen how far to shrink: such figures flatter.
    """
    if table.groups is None:
        return _figures_of(table, fit_and_apply(table, table.posteriors), "fitted to these same rows")
    return _figures_of(table, out_of_fold(table), "out of fold")


def fit_and_apply(seen: Table, posteriors: Posteriors) -> dict[str, Array]:
    """Return posteriors [n, k] of each modality alone and by every rule, fitted to the rows that were seen."""
    return apply_rules(posteriors, fit_parameters(seen))


def out_of_fold(
    table: Table, fit: FitAndApply = fit_and_apply, shown: Posteriors | None = None
) -> dict[str, Array]:
    """Return posteriors [n, k] by rule, from fits without the row's group.

    `shown` are posteriors [n, k] by modality that are pooled in place of the table's own. Raises BadInput with fewer
    than two groups.
    """
    assert table.groups is not None
    parts, shown = group_folds(table.groups, OUTER_FOLDS), shown or table.posteriors
    out: dict[str, Array] = {}
    for fold in range(parts.max() + 1):
        held_out = parts == fold
        for name, p in fit(table.only(~held_out), {m: p[held_out] for m, p in shown.items()}).items():
            out.setdefault(name, np.empty((len(parts), len(table.labels))))[held_out] = p
    return out


def fit_parameters(table: Table) -> FusionParameters:
    """Fit the parameters of the rules to a table."""
    groups = np.arange(len(table.truth)).astype(str) if table.groups is None else table.groups
    accuracy = {m: float((p.argmax(1) == table.truth).mean()) for m, p in table.posteriors.items()}
    return FusionParameters((fit_pool(table.posteriors, table.truth, groups),), accuracy)


def apply_rules(
    posteriors: Posteriors, learned: FusionParameters, trust: Trust | None = None
) -> dict[str, Array]:
    """Return posteriors [n, k] of each modality alone and by every rule; without `trust` all are fully trusted."""
    trust = trust or dict.fromkeys(posteriors, 1.0)
    return {**posteriors, **{name: rule(posteriors, trust, learned) for name, rule in RULES.items()}}


def figures(p: Array, truth: Ints) -> dict[str, float]:
    """Return accuracy, mean recall over the labels that occur, and log loss of posteriors p [n, k].

    `truth` [n] are columns of p. The log loss is in nats; a probability of 0 counts as 1e-12.
    """
    right = p.argmax(1) == truth
    shares = np.maximum(p[np.arange(len(truth)), truth], 1e-12)
    return {
        "accuracy": float(right.mean()),
        "unweighted_average_recall": float(np.mean([right[truth == k].mean() for k in np.unique(truth)])),
        "log_loss": float(-np.log(shares).mean()),
    }


def _figures_of(table: Table, pooled: dict[str, Array], how: str) -> dict[str, Any]:
    rules = {name: figures(p, table.truth) for name, p in pooled.items()}
    return {"n": len(table.truth), "labels": table.labels, "figures": how, "rules": rules}
