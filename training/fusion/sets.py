"""A face, a voice and a text drawn together, with the same label or with two.

No data here have face and voice of one person in files that models could read, so these are drawn apart. That
flatters every fusion: real faces and voices err together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from domain import EMOTIONS
from inference.fusion.rules import Array, FusionParameters, discount
from inference.research.compare import apply_rules, fit_parameters
from inference.research.learn import Groups, Ints, group_folds
from inference.research.table import Table
from training.fusion.sides import Side

_PARTS = 5
LABELS = [e.value for e in EMOTIONS]
# How often most raters saw each emotion (in the order of EMOTIONS) in the web pictures of FER-2013's Training part.
SEEN = np.array([0.082, 0.004, 0.022, 0.293, 0.355, 0.120, 0.124])
EVEN = np.full(len(LABELS), 1 / len(LABELS))
# Nobody knows how often people who ask a bot are angry. What is fitted to even labels makes doubtful inputs disgust,
# where hardly anybody shows it; what is fitted to rare ones alone does not see them where they are not rare.
EXPECTED = 0.75 * SEEN + 0.25 * EVEN


@dataclass(frozen=True, slots=True)
class Sets:
    """By modality a side and which of it [n] are meant; labels [n] are those of all but the last modality, and of that
    too unless it was drawn to differ. No person is in two parts [n]."""

    sides: Mapping[str, Side]
    chosen: Mapping[str, Ints]
    labels: Ints
    parts: Ints

    @property
    def people(self) -> Groups:
        """Who [n] is drawn anew in a bootstrap: those of whom there are fewest."""
        fewest = min(self.sides, key=lambda m: len(np.unique(self.sides[m].people)))
        return self.sides[fewest].people[self.chosen[fewest]]

    def posteriors(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """Posteriors [n, 7] by modality, clean unless another condition is named for it."""
        return self._of({m: side.posteriors for m, side in self.sides.items()}, conditions)

    def trust(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """How much quality lets each count [n, 1] under these conditions."""
        return self._of({m: side.trust for m, side in self.sides.items()}, conditions)

    def shown(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """Posteriors [n, 7] by modality as far as they are trusted: what a contradiction is looked for in."""
        trust = self.trust(conditions)
        return {m: discount(p, trust[m]) for m, p in self.posteriors(conditions).items()}

    @property
    def table(self) -> Table:
        """What there is to learn from."""
        return Table(LABELS, self.posteriors(), self.labels, self.parts.astype(str))

    def lessons(self) -> dict[int, FusionParameters]:
        """By part of the people, what the others teach. Sets of the same sides, and of others in place of some, have
        the same parts: what one teaches, others may be answered with."""
        return {
            part: fit_parameters(self.table.only(self.parts != part))
            for part in np.unique(self.parts).tolist()
        }

    def answers(
        self, lessons: Mapping[int, FusionParameters], conditions: Mapping[str, str] | None = None
    ) -> dict[str, Array]:
        """Posteriors [n, 7] by rule under these conditions, taught by other people."""
        posteriors, trust = self.posteriors(conditions), self.trust(conditions)
        out: dict[str, Array] = {}
        for part, learned in lessons.items():
            here = self.parts == part
            said, weighed = ({m: values[here] for m, values in of.items()} for of in (posteriors, trust))
            for rule, p in apply_rules(said, learned, weighed).items():
                out.setdefault(rule, np.empty((len(here), len(LABELS))))[here] = p
        return out

    def _of(
        self, values: Mapping[str, Mapping[str, Array]], conditions: Mapping[str, str] | None
    ) -> dict[str, Array]:
        named = conditions or {}
        return {m: values[m][named.get(m, "clean")][rows] for m, rows in self.chosen.items()}


def draw(
    sides: Mapping[str, Side],
    count: int,
    shares: Array = EXPECTED,
    *,
    alike: bool = True,
    seed: int = 1,
) -> Sets:
    """So many sets, their labels by these shares [7], each within a part of the people who have them; the last side's
    label is another unless they are alike."""
    rng, last = np.random.default_rng(seed), list(sides)[-1]
    places = {m: dict(_places(side.labels, group_folds(side.people, _PARTS))) for m, side in sides.items()}
    labels, parts, rows = rng.choice(len(LABELS), size=count, p=shares), np.zeros(count, int), []
    for n, label in enumerate(labels.tolist()):
        wanted = dict.fromkeys(sides, label)
        if not alike:
            others = np.where(np.arange(len(LABELS)) == label, 0, shares)
            wanted[last] = int(rng.choice(len(LABELS), p=others / others.sum()))
        parts[n] = rng.choice([p for p in range(_PARTS) if all((wanted[m], p) in places[m] for m in sides)])
        rows.append([rng.choice(places[m][wanted[m], parts[n]]) for m in sides])
    return Sets(sides, dict(zip(sides, np.array(rows).T, strict=True)), labels, parts)


def _places(labels: Ints, parts: Ints) -> Iterator[tuple[tuple[int, int], Ints]]:
    """By label and part, where they are."""
    for label, part in sorted(set(zip(labels.tolist(), parts.tolist(), strict=True))):
        yield (label, part), np.flatnonzero((labels == label) & (parts == part))
