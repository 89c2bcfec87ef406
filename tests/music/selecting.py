"""Selections as the tests ask for them, in one line each."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from domain import Affect, StandardDeviation
from music.selection import Candidate, CandidateList, Choice, SelectionRequest, Taste, select

_CERTAIN = StandardDeviation(0, 0)


def match(
    candidates: Iterable[Candidate],
    affect: Affect,
    count: int,
    rng: np.random.Generator,
    *,
    sd: StandardDeviation = _CERTAIN,
    exclude: Collection[int] = (),
    recent: Sequence[int] = (),
    taste: Taste | None = None,
) -> list[Choice]:
    """Select tracks near a mood."""
    request = SelectionRequest(affect, count, None, sd, frozenset(exclude), tuple(recent), taste or Taste())
    return select(CandidateList(candidates), request, rng)


def regulate(
    candidates: Iterable[Candidate],
    start: Affect,
    goal: Affect,
    count: int,
    rng: np.random.Generator,
    *,
    sd: StandardDeviation = _CERTAIN,
    exclude: Collection[int] = (),
    recent: Sequence[int] = (),
) -> list[Choice]:
    """Select tracks that lead from a mood to a goal."""
    request = SelectionRequest(start, count, goal, sd, frozenset(exclude), tuple(recent))
    return select(CandidateList(candidates), request, rng)
