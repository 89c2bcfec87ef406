"""Calibrate a voice net on speakers whom it was not trained on, each by the others."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from training.calibration import Floats, Ints, fit_temperature
from training.folds import folds_by_person

_FOLDS = 10


def cross_fitted(logits: Floats, labels: Ints, speakers: NDArray[np.str_]) -> Floats:
    """Return probabilities [n, k] for logits [n, k], each at a temperature fitted to other speakers only.

    So calibration is counted on voices that it was not fitted to, though few corpora leave speakers to spare.
    Raises ValueError for fewer than two speakers.
    """
    count = len(np.unique(speakers))
    if count < 2:
        raise ValueError("one speaker cannot be fitted to others")
    out, one_hot = np.empty_like(logits, dtype=np.float64), np.eye(logits.shape[1])[labels]
    for own in folds_by_person(speakers, min(_FOLDS, count)):
        out[own] = softmax(logits[own] / fit_temperature(logits[~own], one_hot[~own]), axis=1)
    return out
