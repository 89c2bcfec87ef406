"""Draw a face, a voice and a text together, with the same label or with two.

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
from training.fusion.predictions import Predictions

_PARTS = 5
LABELS = [e.value for e in EMOTIONS]
# How often most raters saw each emotion (in the order of EMOTIONS) in the web pictures of FER-2013's Training part.
SEEN = np.array([0.082, 0.004, 0.022, 0.293, 0.355, 0.120, 0.124])
EVEN = np.full(len(LABELS), 1 / len(LABELS))
# Nobody knows how often people who ask a bot are angry. What is fitted to even labels makes doubtful inputs disgust,
# where hardly anybody shows it; what is fitted to rare ones alone does not see them where they are not rare.
EXPECTED = 0.75 * SEEN + 0.25 * EVEN


@dataclass(frozen=True, slots=True)
class SyntheticSets:
    """Hold sets of a row for each modality, drawn from held-out predictions.

    `chosen` [n] says by modality which rows of its predictions are meant. Labels [n] are those of all but the last
    modality, and of that too unless it was drawn to differ. No person is in two parts [n].
    """

    predictions: Mapping[str, Predictions]
    chosen: Mapping[str, Ints]
    labels: Ints
    parts: Ints

    @property
    def people(self) -> Groups:
        """Return who [n] is drawn anew in a bootstrap: the people of the modality that has fewest."""
        fewest = min(self.predictions, key=lambda m: len(np.unique(self.predictions[m].people)))
        return self.predictions[fewest].people[self.chosen[fewest]]

    def posteriors(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """Return posteriors [n, 7] by modality, clean unless another condition is named for it."""
        return self._of({m: predicted.posteriors for m, predicted in self.predictions.items()}, conditions)

    def weights(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """Return how much quality lets each count, [n, 1] by modality, under these conditions."""
        return self._of({m: predicted.weights for m, predicted in self.predictions.items()}, conditions)

    def discounted(self, conditions: Mapping[str, str] | None = None) -> dict[str, Array]:
        """Return posteriors [n, 7] by modality, discounted by quality: contradictions are looked for in them."""
        weights = self.weights(conditions)
        return {m: discount(p, weights[m]) for m, p in self.posteriors(conditions).items()}

    @property
    def table(self) -> Table:
        """Return the clean posteriors and labels as a table to fit to."""
        return Table(LABELS, self.posteriors(), self.labels, self.parts.astype(str))

    def fit_by_part(self) -> dict[int, FusionParameters]:
        """Return by part of the people the parameters that are fitted to all others.

        Sets of the same predictions, and of others in place of some, have the same parts: what is fitted to one can
        be applied to others.
        """
        return {
            part: fit_parameters(self.table.only(self.parts != part))
            for part in np.unique(self.parts).tolist()
        }

    def apply_by_part(
        self, parameters: Mapping[int, FusionParameters], conditions: Mapping[str, str] | None = None
    ) -> dict[str, Array]:
        """Return posteriors [n, 7] by rule under these conditions, each fitted to other people."""
        posteriors, weights = self.posteriors(conditions), self.weights(conditions)
        out: dict[str, Array] = {}
        for part, fitted in parameters.items():
            here = self.parts == part
            here_posteriors, here_weights = (
                {m: values[here] for m, values in of.items()} for of in (posteriors, weights)
            )
            for rule, p in apply_rules(here_posteriors, fitted, here_weights).items():
                out.setdefault(rule, np.empty((len(here), len(LABELS))))[here] = p
        return out

    def _of(
        self, values: Mapping[str, Mapping[str, Array]], conditions: Mapping[str, str] | None
    ) -> dict[str, Array]:
        named = conditions or {}
        return {m: values[m][named.get(m, "clean")][rows] for m, rows in self.chosen.items()}


def draw(
    predictions: Mapping[str, Predictions],
    count: int,
    shares: Array = EXPECTED,
    *,
    alike: bool = True,
    seed: int = 1,
) -> SyntheticSets:
    """Draw so many sets whose labels follow these shares [7], each within a part of the people who have them.

    The label of the last modality is another unless they are `alike`.
    """
    rng, last = np.random.default_rng(seed), list(predictions)[-1]
    places = {
        m: dict(_rows_by_label_and_part(predicted.labels, group_folds(predicted.people, _PARTS)))
        for m, predicted in predictions.items()
    }
    labels, parts, rows = rng.choice(len(LABELS), size=count, p=shares), np.zeros(count, int), []
    for n, label in enumerate(labels.tolist()):
        wanted = dict.fromkeys(predictions, label)
        if not alike:
            others = np.where(np.arange(len(LABELS)) == label, 0, shares)
            wanted[last] = int(rng.choice(len(LABELS), p=others / others.sum()))
        parts[n] = rng.choice(
            [p for p in range(_PARTS) if all((wanted[m], p) in places[m] for m in predictions)]
        )
        rows.append([rng.choice(places[m][wanted[m], parts[n]]) for m in predictions])
    return SyntheticSets(predictions, dict(zip(predictions, np.array(rows).T, strict=True)), labels, parts)


def _rows_by_label_and_part(labels: Ints, parts: Ints) -> Iterator[tuple[tuple[int, int], Ints]]:
    """Yield the rows of each label and part that occur together."""
    for label, part in sorted(set(zip(labels.tolist(), parts.tolist(), strict=True))):
        yield (label, part), np.flatnonzero((labels == label) & (parts == part))
