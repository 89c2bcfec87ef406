"""Give each of the seven emotions a probability."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.affect import NORMS, STANDARD_DEVIATIONS, Affect, StandardDeviation
from domain.emotions import EMOTIONS, Emotion


@dataclass(frozen=True, slots=True)
class Posterior:
    """Hold probabilities in the order of EMOTIONS; they add up to 1."""

    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raise ValueError unless these are seven probabilities that add up to 1."""
        p = self.probabilities
        if (
            len(p) != len(EMOTIONS)
            or any(not 0 <= x <= 1 for x in p)
            or not math.isclose(sum(p), 1, abs_tol=1e-3)
        ):
            raise ValueError(f"not a distribution over {len(EMOTIONS)} emotions: {p}")

    @classmethod
    def of(cls, weights: Iterable[float]) -> "Posterior":
        """Normalise weights of any positive sum; raises ValueError when that cannot be done."""
        values = [float(w) for w in weights]
        total = sum(values)
        if not (math.isfinite(total) and total > 0):
            raise ValueError("weights must be finite with a positive sum")
        return cls(tuple(v / total for v in values))

    @classmethod
    def certain(cls, emotion: Emotion) -> "Posterior":
        """Return a posterior that is sure of one emotion, as when somebody says it themselves."""
        return cls(tuple(float(e is emotion) for e in EMOTIONS))

    @classmethod
    def from_dict(cls, probabilities: Mapping[str, float]) -> "Posterior":
        """Make a posterior of what as_dict returned; raises KeyError when a label is missing."""
        return cls.of(probabilities[e] for e in EMOTIONS)

    def __getitem__(self, emotion: Emotion) -> float:
        return self.probabilities[EMOTIONS.index(emotion)]

    def as_dict(self) -> dict[str, float]:
        """Return the probabilities by label, for JSON."""
        return {e.value: p for e, p in zip(EMOTIONS, self.probabilities, strict=True)}

    @property
    def ranked(self) -> list[tuple[Emotion, float]]:
        """Return the emotions with their probabilities, the likeliest first."""
        return sorted(zip(EMOTIONS, self.probabilities, strict=True), key=lambda pair: -pair[1])

    @property
    def top(self) -> Emotion:
        """Return the likeliest emotion."""
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        """Return the probability of the likeliest emotion."""
        return max(self.probabilities)

    @property
    def affect(self) -> Affect:
        """Return the expected point on the plane: the emotions' word norms weighted with their probabilities."""
        pairs = [(NORMS[e], p) for e, p in zip(EMOTIONS, self.probabilities, strict=True)]
        total = sum(self.probabilities)
        return Affect(
            sum(a.valence * p for a, p in pairs) / total, sum(a.arousal * p for a, p in pairs) / total
        )

    @property
    def affect_sd(self) -> StandardDeviation:
        """Return how uncertain `affect` is: the standard deviation of the mixture of all emotions' norms.

        Each emotion lies around its norm by the raters' deviation (STANDARD_DEVIATIONS): a certain emotion keeps the
        deviation of its word, and whoever may be glad or sad gets a wide valence.
        """
        middle = self.affect
        return StandardDeviation(
            self._deviation(
                middle.valence, [(NORMS[e].valence, STANDARD_DEVIATIONS[e].valence) for e in EMOTIONS]
            ),
            self._deviation(
                middle.arousal, [(NORMS[e].arousal, STANDARD_DEVIATIONS[e].arousal) for e in EMOTIONS]
            ),
        )

    def _deviation(self, middle: float, norms: list[tuple[float, float]]) -> float:
        squares = [(mean - middle) ** 2 + sd**2 for mean, sd in norms]
        return math.sqrt(
            sum(p * square for p, square in zip(self.probabilities, squares, strict=True))
            / sum(self.probabilities)
        )
