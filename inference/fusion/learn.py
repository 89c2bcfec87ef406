"""Learn from pairs with known labels how modalities are to be pooled.

It is a logistic regression on what each modality says, shrunken towards a pool with one weight a modality, which few
pairs suffice for. How far it is shrunken is chosen by cross-validation over groups of pairs (people), for the least
loss: where a modality is wrong about particular labels, as human raters of faces and voices are, much is learned
beyond one weight; where two calibrated nets err by chance, hardly anything is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from inference.fusion.rules import Array, Joint, Posteriors, log_ratios, softmax

Ints = NDArray[np.int64]
Groups = NDArray[np.str_]

# Penalties (inverse variances) of weights around the common one, and of all else around zero, from strong to weak.
_OF_WEIGHTS, _OF_THE_REST = (1000.0, 100.0, 10.0), (1000.0, 100.0, 10.0, 1.0)
_INNER_FOLDS = 4
_STEPS = 30
_TOLERANCE = 1e-5  # nats a pair: a step that gains less is the last


@dataclass(frozen=True, slots=True)
class _Task:
    """A regression. Features [k, n, d]: for each label and pair, the modalities' logarithms for that label, their
    centred posteriors, and 1. Truth is [n, k], ones and zeros; the prior [k, d] is where parameters shrink to."""

    features: Array
    truth: Array
    prior: Array

    def predict(self, parameters: Array) -> Array:
        """Posteriors [n, k] for parameters [k, d]."""
        return softmax(np.einsum("knd,kd->nk", self.features, parameters))

    def cost(self, parameters: Array, penalty: Array) -> float:
        """Log loss of all pairs and the penalty, in nats."""
        return _loss(self.predict(parameters), self.truth) * len(self.truth) + float(
            (penalty * (parameters - self.prior) ** 2).sum() / 2
        )

    def newton_step(self, parameters: Array, penalty: Array) -> Array:
        """Where the cost's second-order expansion has its minimum, less the parameters [k, d]; penalty is [d]."""
        p = self.predict(parameters)
        gradient = np.einsum("nk,knd->kd", p - self.truth, self.features)
        gradient += penalty * (parameters - self.prior)
        curvature = self._curvature(p) + np.diag(np.tile(penalty, len(parameters)))
        out: Array = -np.linalg.solve(curvature, gradient.ravel()).reshape(parameters.shape)
        return out

    def _curvature(self, p: Array) -> Array:
        k, _, d = self.features.shape
        out = np.empty((k, d, k, d))
        for a, b in product(range(k), repeat=2):
            if a <= b:
                weighted = self.features[b] * (p[:, a] * ((a == b) - p[:, b]))[:, None]
                out[a, :, b] = self.features[a].T @ weighted
                out[b, :, a] = out[a, :, b].T
        return out.reshape(k * d, k * d)


def fit(posteriors: Posteriors, labels: Ints, groups: Groups) -> Joint:
    """Learn from posteriors [n, k] by modality, labels [n] (columns of those) and groups [n].

    Raises ValueError with fewer than two groups: how far to shrink cannot be told from one.
    """
    logs, truth = stacked_log_ratios(posteriors), np.eye(_count(posteriors))[labels]
    features, parts = _features(posteriors), folds(groups, _INNER_FOLDS)
    losses = np.zeros(len(_OF_WEIGHTS) * len(_OF_THE_REST))
    for fold in range(parts.max() + 1):
        seen = parts != fold
        task = _task(features[:, seen], logs[:, seen], truth[seen])
        for n, parameters in enumerate(_path(task, len(logs))):
            held_out = _Task(features[:, ~seen], truth[~seen], task.prior)
            losses[n] += _loss(held_out.predict(parameters), held_out.truth) * (~seen).sum()
    paths = _path(_task(features, logs, truth), len(logs))
    chosen = next(parameters for n, parameters in enumerate(paths) if n == losses.argmin())
    return _joint(chosen, list(posteriors))


def folds(groups: Groups, count: int) -> Ints:
    """A number below `count` for each [n], the same for all of a group, so that folds are about as large.

    Raises ValueError with fewer than two groups.
    """
    names, index, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise ValueError("cross-validation needs two groups at least")
    loads, fold_of = np.zeros(min(count, len(names))), np.zeros(len(names), np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = loads.argmin()
        loads[fold_of[group]] += sizes[group]
    return fold_of[index]


def stacked_log_ratios(posteriors: Posteriors) -> Array:
    """Centred log-ratios [m, n, k] of posteriors [n, k] by modality."""
    return np.stack([log_ratios(p) for p in posteriors.values()])


def common_weights(logs: Array, truth: Array) -> Array:
    """The weights [m] with which logarithms [m, n, k] pool best, by Newton's method from 1; barely shrunken to 1."""
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


def _path(task: _Task, modalities: int) -> Iterator[Array]:
    """The parameters for each pair of penalties, every fit going on from one that is shrunken more."""
    width = task.features.shape[-1]
    for of_weights in _OF_WEIGHTS:
        parameters = task.prior
        for of_the_rest in _OF_THE_REST:
            penalty = np.full(width, of_the_rest)
            penalty[:modalities] = of_weights
            parameters = _minimum(task, penalty, parameters)
            yield parameters


def _minimum(task: _Task, penalty: Array, parameters: Array) -> Array:
    """The parameters of least cost, by Newton's method with halved steps; the cost is convex."""
    cost = task.cost(parameters, penalty)
    for _ in range(_STEPS):
        step, before = task.newton_step(parameters, penalty), cost
        while (cost := task.cost(parameters + step, penalty)) > before and np.abs(step).max() > _TOLERANCE:
            step /= 2
        if cost > before:
            break
        parameters = parameters + step
        if before - cost < _TOLERANCE * len(task.truth):
            break
    return parameters


def _task(features: Array, logs: Array, truth: Array) -> _Task:
    prior = np.zeros((len(features), features.shape[-1]))
    prior[:, : len(logs)] = common_weights(logs, truth)
    return _Task(features, truth, prior)


def _features(posteriors: Posteriors) -> Array:
    logs, k = stacked_log_ratios(posteriors), _count(posteriors)
    shared = np.concatenate([*(p - 1 / k for p in posteriors.values()), np.ones((logs.shape[1], 1))], axis=1)
    return np.stack([np.concatenate([logs[:, :, label].T, shared], axis=1) for label in range(k)])


def _joint(parameters: Array, modalities: Sequence[str]) -> Joint:
    """The parts of parameters [k, d], by what they mean."""
    weights = dict(zip(modalities, parameters.T[: len(modalities)], strict=True))
    tells = np.split(parameters.T[len(modalities) : -1], len(modalities))
    return Joint(weights, dict(zip(modalities, tells, strict=True)), parameters[:, -1])


def _count(posteriors: Posteriors) -> int:
    return len(next(iter(posteriors.values()))[0])


def _loss(p: Array, truth: Array) -> float:
    """Mean -log of the true label's share, in nats."""
    return float(-np.log(np.maximum((p * truth).sum(-1), 1e-12)).mean())
