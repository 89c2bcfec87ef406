"""Posteriors and qualities of face and voice -> one reading.

Pure functions on probability vectors. Rules are named, so that ours can be compared with others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect import EMOTIONS, Posterior
from inference.bundles import BadBundle, read_json
from inference.readings import Modality, ModalityReading, Reading

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FusionRules:
    """What was measured on validation people, stored as weights/fusion.json.

    reliability: by modality, for each emotion how often the model is right when it names it (precision, 0..1).
    performance: by modality, its accuracy, 0..1 (only the original system's rule needs it).
    sure_from: top probability from which a fused reading counts as sure.
    sure_alone: by modality, the same for a reading that has nothing else.
    contradiction: likeness of the two posteriors (0..1) below which face and voice contradict each other.
    """

    reliability: Mapping[Modality, tuple[float, ...]] = field(default_factory=dict)
    performance: Mapping[Modality, float] = field(default_factory=dict)
    sure_from: float = 0.45
    contradiction: float = 0.25
    sure_alone: Mapping[Modality, float] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "FusionRules":
        """Read a fusion.json; raises BadBundle."""
        values = read_json(path)
        try:
            reliability = {m: tuple(float(v[e]) for e in EMOTIONS) for m, v in values["reliability"].items()}
            performance = {m: float(v) for m, v in values["performance"].items()}
            alone = {m: float(v) for m, v in values["sure_alone"].items()}
            return cls(
                reliability, performance, float(values["sure_from"]), float(values["contradiction"]), alone
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadBundle(f"{path}: incomplete ({error!r})") from error

    def without_classes(self, modalities: Iterable[Modality]) -> "FusionRules":
        """For models of which no precisions were measured: as reliable as the bundled one, in every emotion alike."""
        even = {m: (fmean(self.reliability[m]),) * len(EMOTIONS) for m in modalities if m in self.reliability}
        return replace(self, reliability={**self.reliability, **even})


class Rule(Protocol):
    """Pools posteriors [7] by modality into one [7]; trust is 0..1 by modality, from quality."""

    def __call__(
        self, posteriors: Mapping[Modality, Vector], trust: Mapping[Modality, float], rules: FusionRules, /
    ) -> Vector: ...


def discount(posterior: Vector, trust: float | Vector) -> Vector:
    """Keep as much of a posterior as its source is trusted and spread the rest evenly (Shafer's discounting)."""
    out: Vector = trust * posterior + (1 - trust) / posterior.shape[-1]
    return out


def reliance(posterior: Vector, reliability: tuple[float, ...]) -> float:
    """How often the model has been right when it said what it says now: its precisions, weighted with the posterior."""
    return float(posterior @ np.array(reliability))


def attune(
    posteriors: Mapping[Modality, Vector], trust: Mapping[Modality, float], rules: FusionRules
) -> Vector:
    """The product of calibrated posteriors, each discounted by its input's quality and its model's reliability.

    A sure posterior weighs more than a flat one by itself; one that comes from a bad picture, or that names an emotion
    which its model often gets wrong, is flattened before it is multiplied.
    """
    log_pool = np.zeros(len(EMOTIONS))
    for modality, posterior in posteriors.items():
        reliable = rules.reliability.get(modality)
        share = trust[modality]
        if (
            reliable and len(posteriors) > 1
        ):  # the root: half of the full discount, on the scale of logarithms
            share *= reliance(posterior, reliable) ** 0.5
        log_pool += np.log(np.maximum(discount(posterior, share), 1e-9))
    return _normalised(np.exp(log_pool - log_pool.max()))


def original(
    posteriors: Mapping[Modality, Vector], _: Mapping[Modality, float], rules: FusionRules
) -> Vector:
    """The rule that the original system describes: the one modality with the larger confidence times performance."""
    best = max(posteriors, key=lambda m: float(posteriors[m].max()) * rules.performance.get(m, 1.0))
    return posteriors[best]


def average(posteriors: Mapping[Modality, Vector], _: Mapping[Modality, float], __: FusionRules) -> Vector:
    """The plain mean."""
    return _normalised(np.sum(list(posteriors.values()), axis=0))


RULES: dict[str, Rule] = {"attune": attune, "original": original, "average": average}


def fuse(
    face: ModalityReading | None, voice: ModalityReading | None, rules: FusionRules, rule: str = "attune"
) -> Reading:
    """One reading from what there is. Raises ValueError when there is neither, KeyError for an unknown rule."""
    given: dict[Modality, ModalityReading | None] = {"face": face, "voice": voice}
    present = {m: r for m, r in given.items() if r is not None}
    if not present:
        raise ValueError("nothing to fuse")
    posteriors = {m: np.array(r.posterior.probabilities) for m, r in present.items()}
    trust = {m: r.weight for m, r in present.items()}
    posterior = Posterior.of(RULES[rule](posteriors, trust, rules))
    disagree = len(present) == 2 and contradict(posteriors, trust, rules)
    sure = posterior.confidence >= _sure_from(rules, *present)
    return Reading(posterior, sure, disagree, face, voice)


def _sure_from(rules: FusionRules, *present: Modality) -> float:
    return rules.sure_from if len(present) > 1 else rules.sure_alone.get(present[0], rules.sure_from)


def contradict(
    posteriors: Mapping[Modality, Vector], trust: Mapping[Modality, float], rules: FusionRules
) -> bool:
    """Whether two trusted posteriors favour different emotions and are little alike."""
    a, b = (discount(p, trust[m]) for m, p in posteriors.items())
    return bool(a.argmax() != b.argmax() and likeness(a, b) < rules.contradiction)


def likeness(a: Vector, b: Vector) -> Vector:
    """The cosine between posteriors [..., 7], 0..1.

    A flat posterior has a likeness of .38 or more with any other: who says nothing contradicts nobody. (By the
    probability that they share, somebody undecided would seem to contradict somebody sure.)
    """
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    out: Vector = (a * b).sum(-1) / lengths
    return out


def _normalised(weights: Vector) -> Vector:
    out: Vector = weights / weights.sum()
    return out
