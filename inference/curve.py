"""Turn a measure of quality into a weight: the one shape of curve by which quality lowers trust."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """Describe what one measure does to the weight of a reading, and the hint that goes with it.

    The weight is `floor` at `worst` and beyond, 1 at `good` and beyond, straight in between; either may be the
    larger one. From `hint_from` on the hint is given: there, readings of what was spoilt are right in 85 % of the
    cases in which those of the unspoilt are.
    """

    measure: str
    hint: str
    worst: float
    good: float
    floor: float
    hint_from: float

    def weight(self, value: float) -> float:
        """Return how much a reading with this measure counts, 0..1."""
        share = (value - self.worst) / (self.good - self.worst)
        return self.floor + (1 - self.floor) * max(0.0, min(1.0, share))

    def needs_hint(self, value: float) -> bool:
        """Tell whether the measure is bad enough for the hint."""
        return value <= self.hint_from if self.worst < self.good else value >= self.hint_from
