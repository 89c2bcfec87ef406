"""Draw folds of people to cross-validate on."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def folds_by_person(people: NDArray[np.str_], count: int, seed: int = 1) -> Iterator[NDArray[np.bool_]]:
    """Yield a mask [n] of what is tested for each of `count` folds; all that a person [n] has is in one of them.

    People are shuffled and dealt out evenly, as scikit-learn's GroupKFold does. This draws other folds from the same
    seed, though, and the model card's figures rest on these.
    """
    shuffled = np.random.default_rng(seed).permutation(np.unique(people))
    return (np.isin(people, part) for part in np.array_split(shuffled, count))
