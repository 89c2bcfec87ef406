"""Fuse the readings of face, voice and text into one reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from domain import EMOTIONS, Posterior
from domain.readings import Modality, ModalityReading, Reading
from inference.bundles import BadBundle, read_json
from inference.errors import BadInput, Fault
from inference.fusion.personal_bias import PersonalBias
from inference.fusion.rules import RULES, Array, FusionParameters, JointPool, Posteriors, agreement, discount

LABELS = [e.value for e in EMOTIONS]


@dataclass(frozen=True, slots=True)
class FusionRules:
    """Hold what fusion was taught on validation people, stored as weights/fusion.json.

    learned: weights of the log-linear pools and how often each model is right.
    sure_from: top probability from which a fused reading counts as sure.
    unimodal_threshold: by modality, the same for a reading that has nothing else (`sure_alone` in the file).
    contradiction: agreement of two posteriors (see rules.agreement) below which they contradict each other.
    unmeasured: modalities that somebody else's model reads, of which nobody measured how often it is right.
    """

    learned: FusionParameters = field(default_factory=FusionParameters)
    sure_from: float = 0.45
    contradiction: float = 0.1
    unimodal_threshold: Mapping[Modality, float] = field(default_factory=dict)
    unmeasured: frozenset[Modality] = frozenset()

    @classmethod
    def load(cls, path: Path) -> "FusionRules":
        """Read a fusion.json; raises BadBundle."""
        values = read_json(path)
        try:
            learned = FusionParameters(
                tuple(map(pool_from_dict, values["joints"])),
                {m: float(v) for m, v in values["performance"].items()},
            )
            alone = {m: float(v) for m, v in values["sure_alone"].items()}
            return cls(learned, float(values["sure_from"]), float(values["contradiction"]), alone)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadBundle(Fault.INCOMPLETE, place=path, reason=repr(error)) from error

    def for_unmeasured(self, modalities: Iterable[Modality]) -> "FusionRules":
        """Return rules for models that nobody measured, which are trusted as far as the bundled ones are right.

        They are trusted so in every emotion alike: what was learned about the bundled models together does not count.
        """
        unmeasured = frozenset(modalities)
        pools = tuple(pool for pool in self.learned.pools if unmeasured.isdisjoint(pool.weights))
        return replace(self, learned=replace(self.learned, pools=pools), unmeasured=unmeasured)

    def trust(self, modality: Modality, part: ModalityReading, alone: bool) -> float:
        """Return how far a part counts, 0..1: by its quality, and an unmeasured model's less unless it is alone.

        Such a model counts as often as the bundled one is right.
        """
        unmeasured = modality in self.unmeasured and not alone
        return part.weight * (self.learned.performance.get(modality, 1.0) if unmeasured else 1.0)

    def threshold(self, modalities: Iterable[Modality]) -> float:
        """Return the confidence, 0..1, from which a reading of these modalities is sure."""
        first, *others = modalities
        return self.sure_from if others else self.unimodal_threshold.get(first, self.sure_from)


def fuse(
    face: ModalityReading | None,
    voice: ModalityReading | None,
    rules: FusionRules,
    rule: str = "attune",
    *,
    text: ModalityReading | None = None,
    bias: PersonalBias | None = None,
) -> Reading:
    """Fuse what there is into one reading, by the named rule of RULES, shifted by the person's bias.

    What contradicts itself is never sure, however likely its likeliest emotion. Raises BadInput (a ValueError) when
    there is nothing to fuse, KeyError for an unknown rule.
    """
    given: dict[Modality, ModalityReading | None] = {"face": face, "voice": voice, "text": text}
    present = {m: part for m, part in given.items() if part is not None}
    if not present:
        raise BadInput(Fault.NOTHING_TO_FUSE)
    posteriors: dict[str, Array] = {m: np.array(part.posterior.probabilities) for m, part in present.items()}
    trust: dict[str, float | Array]
    trust = {m: rules.trust(m, part, alone=len(present) == 1) for m, part in present.items()}
    pooled = RULES[rule](posteriors, trust, rules.learned)
    posterior = Posterior.of(bias.shift(pooled) if bias else pooled)
    pair = contradicting_pair({m: discount(p, trust[m]) for m, p in posteriors.items()}, rules.contradiction)
    sure = not pair and posterior.confidence >= rules.threshold(present)
    return Reading(posterior, sure, bool(pair), face, voice, text, tuple(m for m in present if m in pair))


def contradicting_pair(posteriors: Posteriors, contradiction: float) -> tuple[str, ...]:
    """Return the two modalities that contradict each other most; empty where none do.

    Two do whose likeliest emotions differ and whose agreement (see `rules.agreement`) is below `contradiction`.
    """
    pairs = [
        (float(agreement(posteriors[a], posteriors[b])), (a, b))
        for a, b in combinations(posteriors, 2)
        if posteriors[a].argmax() != posteriors[b].argmax()
    ]
    least, sides = min(pairs, default=(contradiction, ()))
    return sides if least < contradiction else ()


def pool_as_dict(joint: JointPool) -> dict[str, Any]:
    """Return a pool as fusion.json holds it, by label: the inverse of pool_from_dict, but for rounding."""
    return {
        "weights": {m: _by_label(row) for m, row in joint.weights.items()},
        "tells": {
            m: dict(zip(LABELS, map(_by_label, rows), strict=True)) for m, rows in joint.cross_weights.items()
        },
        "bias": _by_label(joint.bias),
    }


def pool_from_dict(values: Mapping[str, Any]) -> JointPool:
    """Make a pool of its form in fusion.json.

    Raises KeyError, TypeError, ValueError or AttributeError for what is none.
    """
    return JointPool(
        {m: _vector(row) for m, row in values["weights"].items()},
        {m: np.stack([_vector(values["tells"][m][label]) for label in LABELS]) for m in values["weights"]},
        _vector(values["bias"]),
    )


def _by_label(row: Array) -> dict[str, float]:
    return dict(zip(LABELS, np.round(row, 4).tolist(), strict=True))


def _vector(row: Mapping[str, float]) -> Array:
    return np.array([float(row[label]) for label in LABELS])
