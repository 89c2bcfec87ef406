"""Calibrate a voice net on speakers whom it was not trained on, each by the others."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from training.calibration import Floats, Ints, fit_temperature

_FOLDS = 10


def cross_fitted(logits: Floats, labels: Ints, speakers: NDArray[np.str_]) -> Floats:
    """Return probabilities [n, k] for logits [n, k], each at a temperature fitted to other speakers only.

    So calibration is counted on voices that it was not fitted to, though few corpora leave speakers to spare.
    Raises ValueError for fewer than two speakers.
    """
    names = np.random.default_rng(1).permutation(np.unique(speakers))
    if len(names) < 2:
        raise ValueError("one speaker cannot be fitted to others")
    out, one_hot = np.empty_like(logits, dtype=np.float64), np.eye(logits.shape[1])[labels]
    for some in np.array_split(names, min(_FOLDS, len(names))):
        own = np.isin(speakers, some)
        out[own] = softmax(logits[own] / fit_temperature(logits[~own], one_hot[~own]), axis=1)
    return out
