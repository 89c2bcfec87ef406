"""Fit a log-linear pool of modalities to pairs with known labels.

It is a logistic regression on what each modality says, shrunken towards a plain product, which no pair is needed for,
or towards a pool with one weight a modality, which few suffice for. Which of the two and how far is chosen by
cross-validation over groups of pairs (people), for the least loss: where a modality is wrong about particular labels,
as human raters of faces and voices are, much is learned beyond one weight; where two calibrated nets err by chance,
hardly anything is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from inference.errors import BadInput, Fault
from inference.fusion.rules import Array, JointPool, Posteriors, log_ratios, softmax

Ints = NDArray[np.int64]
Groups = NDArray[np.str_]

# Penalties (inverse variances) of weights around what they shrink to, and of all else around zero, from strong to weak;
# that of the bias is never stronger than _OF_BIAS, since few pairs tell how often labels come.
_AROUND_ONE = ((1000.0,), (10_000.0, 1000.0, 100.0, 10.0))
_AROUND_COMMON = ((1000.0, 10.0), (1000.0, 100.0, 10.0, 1.0))
_OF_BIAS = 10.0
_INNER_FOLDS = 4
_STEPS = 30
_TOLERANCE = 1e-5  # nats a pair: a step that gains less is the last


@dataclass(frozen=True, slots=True)
class _Regression:
    """Hold a logistic regression.

    Features are [k, n, d]: for each label and pair, the modalities' logarithms for that label, their centred
    posteriors, and 1. Truth is [n, k], ones and zeros.
    """

    features: Array
    truth: Array

    def predict(self, parameters: Array) -> Array:
        """Return posteriors [n, k] for parameters [k, d]."""
        return softmax((self.features @ parameters[:, :, None])[:, :, 0].T)

    def loss(self, parameters: Array) -> float:
        """Return the log loss of all pairs, in nats, for parameters [k, d]."""
        shares = (self.predict(parameters) * self.truth).sum(-1)
        return float(-np.log(np.maximum(shares, 1e-12)).sum())


@dataclass(frozen=True, slots=True)
class _ShrunkenRegression:
    """Hold a regression whose parameters are shrunken towards a prior [k, d] by a penalty [d]."""

    task: _Regression
    prior: Array
    penalty: Array

    def cost(self, parameters: Array) -> float:
        """Return the log loss of all pairs and the penalty, in nats."""
        return self.task.loss(parameters) + float((self.penalty * (parameters - self.prior) ** 2).sum() / 2)

    def newton_step(self, parameters: Array) -> Array:
        """Return the step [k, d] to the minimum of the cost's second-order expansion at the parameters."""
        p, features = self.task.predict(parameters), self.task.features
        slope = np.einsum("nk,knd->kd", p - self.task.truth, features)
        gradient = slope + self.penalty * (parameters - self.prior)
        curvature = _curvature(p, features) + np.diag(np.tile(self.penalty, len(parameters)))
        out: Array = -np.linalg.solve(curvature, gradient.ravel()).reshape(parameters.shape)
        return out

    def minimum(self, parameters: Array) -> Array:
        """Return the parameters [k, d] of least cost, by Newton's method with halved steps; the cost is convex."""
        cost = self.cost(parameters)
        for _ in range(_STEPS):
            step, before = self.newton_step(parameters), cost
            while (cost := self.cost(parameters + step)) > before and np.abs(step).max() > _TOLERANCE:
                step /= 2
            if cost > before:
                break
            parameters = parameters + step
            if before - cost < _TOLERANCE * len(self.task.truth):
                break
        return parameters


def _curvature(p: Array, features: Array) -> Array:
    """Return the second derivatives [k d, k d] of the log loss at posteriors p [n, k]."""
    k, _, d = features.shape
    out = np.empty((k, d, k, d))
    for a, b in product(range(k), repeat=2):
        if a <= b:
            weighted = features[b] * (p[:, a] * ((a == b) - p[:, b]))[:, None]
            out[a, :, b] = features[a].T @ weighted
            out[b, :, a] = out[a, :, b].T
    return out.reshape(k * d, k * d)


def fit_pool(posteriors: Posteriors, labels: Ints, groups: Groups) -> JointPool:
    """Fit a pool to posteriors [n, k] by modality, labels [n] (columns of those) and groups [n].

    How far to shrink cannot be told from one group: its pairs are groups of their own then. Raises BadInput for a
    single pair.
    """
    if len(np.unique(groups)) < 2:
        groups = np.arange(len(labels)).astype(str)
    truth, parts = np.eye(_count(posteriors))[labels], group_folds(groups, _INNER_FOLDS)
    features, losses = _features(posteriors), list[list[float]]()
    for fold in range(parts.max() + 1):
        seen, held_out = parts != fold, _Regression(features[:, parts == fold], truth[parts == fold])
        candidates = _candidates(_Regression(features[:, seen], truth[seen]), len(posteriors))
        losses.append([held_out.loss(parameters) for parameters in candidates])
    best = int(np.sum(losses, axis=0).argmin())
    chosen = next(islice(_candidates(_Regression(features, truth), len(posteriors)), best, None))
    return _pool(chosen, list(posteriors))


def group_folds(groups: Groups, count: int) -> Ints:
    """Assign each [n] to a fold below `count`, the same for all of a group, so that folds are about as large.

    Raises BadInput with fewer than two groups.
    """
    names, index, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise BadInput(Fault.ONE_GROUP)
    loads, fold_of = np.zeros(min(count, len(names))), np.zeros(len(names), np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = loads.argmin()
        loads[fold_of[group]] += sizes[group]
    return fold_of[index]


def stacked_log_ratios(posteriors: Posteriors) -> Array:
    """Return centred log-ratios [m, n, k] of posteriors [n, k] by modality."""
    return np.stack([log_ratios(p) for p in posteriors.values()])


def common_weights(logs: Array, truth: Array) -> Array:
    """Return the weights [m] with which logarithms [m, n, k] pool best for truth [n, k], barely shrunken to 1.

    They are found by Newton's method from 1.
    """
    weights = np.ones(len(logs))
    for _ in range(_STEPS):
        p = softmax(np.einsum("m,mnk->nk", weights, logs))
        means = np.einsum("mnk,nk->mn", logs, p)
        gradient = (means - np.einsum("mnk,nk->mn", logs, truth)).sum(1) + (weights - 1)
        curvature = np.einsum("ank,nk,bnk->ab", logs, p, logs) - means @ means.T + np.eye(len(logs))
        step = np.linalg.solve(curvature, gradient)
        weights = np.clip(
            weights - step, 0, 10
        )  # a modality that misleads on the whole is left out, not believed
        if np.abs(step).max() < _TOLERANCE:
            break
    return weights


def _candidates(task: _Regression, modalities: int) -> Iterator[Array]:
    """Yield parameters [k, d] for each pair of penalties around both priors, in the same order for every regression."""
    logs = np.moveaxis(task.features[:, :, :modalities], (0, 1, 2), (2, 1, 0))
    yield from _penalty_path(task, np.ones(modalities), *_AROUND_ONE)
    yield from _penalty_path(task, common_weights(logs, task.truth), *_AROUND_COMMON)


def _penalty_path(
    task: _Regression, weights: Array, of_weights: Sequence[float], of_the_rest: Sequence[float]
) -> Iterator[Array]:
    """Yield parameters [k, d] for each pair of penalties, every fit going on from one that is shrunken more."""
    k, _, width = task.features.shape
    prior = np.zeros((k, width))
    prior[:, : len(weights)] = weights
    for of_weight in of_weights:
        parameters = prior
        for of_rest in of_the_rest:
            penalty = np.full(width, of_rest)
            penalty[: len(weights)], penalty[-1] = of_weight, min(of_rest, _OF_BIAS)
            parameters = _ShrunkenRegression(task, prior, penalty).minimum(parameters)
            yield parameters


def _features(posteriors: Posteriors) -> Array:
    logs, k = stacked_log_ratios(posteriors), _count(posteriors)
    shared = np.concatenate([*(p - 1 / k for p in posteriors.values()), np.ones((logs.shape[1], 1))], axis=1)
    return np.stack([np.concatenate([logs[:, :, label].T, shared], axis=1) for label in range(k)])


def _pool(parameters: Array, modalities: Sequence[str]) -> JointPool:
    """Name the parts of parameters [k, d] by what they mean."""
    weights = dict(zip(modalities, parameters.T[: len(modalities)], strict=True))
    tells = np.split(parameters.T[len(modalities) : -1], len(modalities))
    return JointPool(weights, dict(zip(modalities, tells, strict=True)), parameters[:, -1])


def _count(posteriors: Posteriors) -> int:
    return len(next(iter(posteriors.values()))[0])
