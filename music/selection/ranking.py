"""Compute the costs by which candidates are compared, as arrays; match_and_regulate.py decides with them."""

import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain import Affect, StandardDeviation
from domain.tracks import Track, TrackMood
from music.moods.prior import PRIOR_SD
from music.selection.taste import Taste

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

# All costs are in squared distance on the playlist's own plane, where each axis runs from -1 to 1.
_IGNORANCE = 1.0  # of a mood that is not known at all; a perfectly known one costs nothing
_RECENT = 0.5  # of the track played last
_FORGETTING = 0.95  # what is left of that with each track played since
_SAME_ARTIST = 0.15  # for each track of the artist that is chosen already
# How far along an axis a track may lie from where somebody is and still please: the deviation of places along it.
_REACH = 3**-0.5
# Tracks whose costs differ by about this much take turns: their mean squared distance in a full plane.
_TEMPERATURE = 0.03


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a track that may be chosen; `id` is the caller's, and no two candidates share one."""

    id: int
    track: Track
    mood: TrackMood


class Candidates(Protocol):
    """Hold what may be chosen, in the order of the ids; arrays tell of all, and tracks are made one at a time."""

    @property
    def ids(self) -> Integers:
        """Return the ids [n]."""
        ...

    @property
    def moods(self) -> Floats:
        """Return valence, arousal and their standard deviations [n, 4]."""
        ...

    def __getitem__(self, index: int) -> Candidate: ...


class CandidateList:
    """Hold candidates that are there as objects."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._candidates = sorted(candidates, key=lambda candidate: candidate.id)
        self.ids: Integers = np.array([candidate.id for candidate in self._candidates], np.int64)
        moods = (
            (c.mood.affect.valence, c.mood.affect.arousal, c.mood.sd_valence, c.mood.sd_arousal) for c in self
        )
        self.moods: Floats = np.array(list(moods), np.float64).reshape(-1, 4)

    def __getitem__(self, index: int) -> Candidate:
        return self._candidates[index]

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self._candidates)


@dataclass(frozen=True, slots=True)
class Target:
    """Say where a track is wanted, and how unsure that is on each axis."""

    point: Affect
    sd: StandardDeviation

    @property
    def weights(self) -> Floats:
        """Return the weights of valence and arousal in a squared distance [2]; they add up to 2.

        Both are 1 where both axes are certain. If what pleases falls off like a Gaussian of deviation r around where
        somebody is, and that is known with deviation s, then what is expected to please falls off with variance r^2 +
        s^2. So whoever is glad or sad, one cannot tell, but stirred for certain, gets stirring tracks first of all.
        """
        precision = 1 / (_REACH**2 + np.array([self.sd.valence, self.sd.arousal]) ** 2)
        weights: Floats = 2 * precision / precision.sum()
        return weights

    def towards(self, other: "Target", share: float) -> "Target":
        """Return the target `share` (0..1) of the way to another, as unsure as both are in that measure."""
        sd = StandardDeviation(
            _between(self.sd.valence, other.sd.valence, share),
            _between(self.sd.arousal, other.sd.arousal, share),
        )
        return Target(self.point.towards(other.point, share), sd)


class Ranking:
    """Hold the candidates of one playlist with all that does not depend on the mood asked for.

    Candidates are in the order of their ids, so that the order in which they came changes nothing.
    """

    def __init__(
        self,
        candidates: Candidates,
        rng: np.random.Generator,
        *,
        exclude: Collection[int] = (),
        recent: Sequence[int] = (),
        taste: Taste,
    ) -> None:
        self.candidates = candidates
        self.places = _places(candidates.moods)
        self._excluded = np.flatnonzero(np.isin(candidates.ids, list(exclude)))
        self._costs = _standing_costs(candidates, recent, taste) - _TEMPERATURE * rng.gumbel(
            size=len(candidates.ids)
        )

    def distances(self, target: Target) -> Floats:
        """Return the distance of every candidate's place to a target [n], on the playlist's own plane.

        Each axis weighs as much as the target is sure of it.
        """
        offsets = self.places - np.array([target.point.valence, target.point.arousal])
        distances: Floats = np.sqrt(offsets**2 @ target.weights)
        return distances

    def choose(self, targets: Iterable[Target]) -> list[int]:
        """Choose for each target in turn the best track not yet taken (its index); fewer if they run out."""
        excluded = [self.candidates[i].track for i in self._excluded.tolist()]
        banned = {key for track in excluded for key in track.identity_keys}
        artists: Counter[str] = Counter()
        chosen: list[int] = []
        for target in targets:
            best = self._best(target, banned, artists)
            if best is None:
                break
            chosen.append(best)
            track = self.candidates[best].track
            banned.update(track.identity_keys)
            if track.lead_artist:
                artists[track.lead_artist] += 1
        return chosen

    def _best(self, target: Target, banned: set[object], artists: Counter[str]) -> int | None:
        """Return the cheapest candidate for a target; None when all are taken.

        Keys and artists are made only near the top of the heap: that is the slow part.
        """
        costs = self._costs + self.distances(target) ** 2
        costs[self._excluded] = np.inf
        heap = list(zip(costs.tolist(), range(len(costs)), strict=True))
        heapq.heapify(heap)
        paid_for: dict[int, int] = {}
        while heap and math.isfinite(heap[0][0]):
            cost, i = heap[0]
            track = self.candidates[i].track
            due = artists[track.lead_artist] - paid_for.get(i, 0)
            if not banned.isdisjoint(track.identity_keys):
                heapq.heappop(heap)
            elif due:
                heapq.heapreplace(heap, (cost + due * _SAME_ARTIST, i))
                paid_for[i] = artists[track.lead_artist]
            else:
                return i
        return None


def _between(start: float, end: float, share: float) -> float:
    return start + share * (end - start)


def _places(moods: Floats) -> Floats:
    """Place each candidate in its playlist: ranks of valence and arousal, scaled to -1..1 [n, 2].

    Ties are shared. Believed moods crowd around neutral, the more so the less is known, and few playlists fill every
    corner of the plane. Their order is what can be trusted: the happiest track of a list answers the happiest wish.
    """
    return np.column_stack([_ranks(moods[:, 0]), _ranks(moods[:, 1])])


def _ranks(values: Floats) -> Floats:
    """Return the ranks of values [n], scaled to -1..1; equal values share the mean of theirs."""
    ordered = np.sort(values)
    below, up_to = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    ranks: Floats = (below + up_to) / max(len(values), 1) - 1.0
    return ranks


def _knowledge(moods: Floats) -> Floats:
    """Return how well each mood is known, 0..1 [n]: the correlation that its deviations stand for.

    It is the mean of both axes.
    """
    correlations: Floats = np.sqrt(np.clip(1 - (moods[:, 2:] / PRIOR_SD) ** 2, 0, 1))
    return (correlations[:, 0] + correlations[:, 1]) / 2


def _standing_costs(candidates: Candidates, recent: Sequence[int], taste: Taste) -> Floats:
    """Return what each candidate costs whatever is asked for: for ignorance, recent plays, and taste."""
    costs = _IGNORANCE * (1 - _knowledge(candidates.moods))
    ages = {track_id: age for age, track_id in reversed(list(enumerate(recent)))}
    for i in np.flatnonzero(np.isin(candidates.ids, list(ages))).tolist():
        costs[i] += _RECENT * _FORGETTING ** ages[int(candidates.ids[i])]
    if taste:
        costs -= [taste.shift(candidates[i].track) for i in range(len(costs))]
    return costs
