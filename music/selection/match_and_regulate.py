"""Choose within one playlist: match stays near a mood, regulate walks from it to a goal.

Evidence that the walk (the "iso principle") beats going straight to the goal is mixed: Starcke, Mayr and von Georgi
(2021) and Starcke and von Georgi (2024) found advantages after sadness, a pre-registered study of 2026 (n = 193,
anxiety) none. That somebody orders a person's own songs at all is the part with support. So it is a default.

What the walk does to the music is measured: in 131 playlists of real people, five tracks from sadness to joy begin 1.2
from the goal, on the plane of the tracks' own valence and energy (-1..1), and end 0.4 from it; tracks drawn at random
lie 1.0 away (tests/music/test_real_playlists.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from domain import Affect, StandardDeviation
from domain.tracks import MoodSource, Track, TrackMood
from music.selection.ranking import Candidate, Candidates, Floats, Ranking, Target
from music.selection.taste import Taste

# Sad and angry music lands worse on a low mood, so a walk from there starts this much of the way up already.
_LOW_VALENCE = -0.5
_HEAD_START = 0.2
# A point this far from neutral on an axis clearly asks for one side of it.
_CLEAR_SIDE = 0.2
_CERTAIN = StandardDeviation(0, 0)


@dataclass(frozen=True, slots=True)
class SelectionRequest:
    """Ask for `count` tracks near `affect`, or with a `goal` for tracks that lead from there to it.

    `affect_sd` is how unsure `affect` is: where one axis is better known than the other, it weighs more. Ids in
    `exclude` are never chosen, those in `recent` (the latest play first) later than others.
    """

    affect: Affect
    count: int
    goal: Affect | None = None
    affect_sd: StandardDeviation = _CERTAIN
    exclude: frozenset[int] = frozenset()
    recent: tuple[int, ...] = ()
    taste: Taste = field(default_factory=Taste)


class ReasonKind(StrEnum):
    """Name why a track was chosen."""

    NEAREST = "nearest"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Reason:
    """Hold the facts for one line of explanation.

    `step` of `steps` counts from 1. `source` tells what the track's mood is known from. `distance` is that between the
    track's place among its playlist (ranks, -1..1 on each axis) and the waypoint, 0..2.83. `reaches` is false where the
    track is only the nearest that the playlist has: by what is believed, it lies on the other side of neutral than the
    waypoint asks for.
    """

    kind: ReasonKind
    step: int
    steps: int
    source: MoodSource
    distance: float
    reaches: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold a chosen candidate, the point it was chosen for, and why."""

    candidate: Candidate
    waypoint: Affect
    reason: Reason

    @property
    def id(self) -> int:
        """Return the candidate's id."""
        return self.candidate.id

    @property
    def track(self) -> Track:
        """Return the candidate's track."""
        return self.candidate.track

    @property
    def mood(self) -> TrackMood:
        """Return what is believed of the candidate's mood."""
        return self.candidate.mood


def select(candidates: Candidates, request: SelectionRequest, rng: np.random.Generator) -> list[Choice]:
    """Choose up to `request.count` different tracks: towards the goal where there is one, else near the mood.

    `rng` lets tracks that fit about equally well take turns. The same candidates and the same state of `rng` give the
    same choices.
    """
    ranking = Ranking(candidates, rng, exclude=request.exclude, recent=request.recent, taste=request.taste)
    return _match(ranking, request) if request.goal is None else _regulate(ranking, request, request.goal)


def _match(ranking: Ranking, request: SelectionRequest) -> list[Choice]:
    """Choose the tracks nearest to the mood, the nearest first."""
    target = Target(request.affect, request.affect_sd)
    chosen = ranking.choose([target] * request.count)
    return _choices(ranking, chosen, ranking.distances(target), [target] * len(chosen), ReasonKind.NEAREST)


def _regulate(ranking: Ranking, request: SelectionRequest, goal: Affect) -> list[Choice]:
    """Choose tracks that lead from the mood to the goal, which is certain.

    They are chosen from the goal backwards, since where the walk ends matters most in a short list, and then put in the
    order of their progress.
    """
    begin, end = Target(request.affect, request.affect_sd), Target(goal, _CERTAIN)
    chosen = ranking.choose(reversed(_waypoints(begin, end, request.count)))
    return _choices(
        ranking,
        chosen,
        _progress(ranking, request.affect, goal),
        _waypoints(begin, end, len(chosen)),
        ReasonKind.STEP,
    )


def _waypoints(start: Target, goal: Target, n: int) -> list[Target]:
    """Return `n` evenly spaced targets from the start to the goal; from a low start, a little further on."""
    if n == 1:
        return [goal]
    head_start = _HEAD_START if start.point.valence < _LOW_VALENCE else 0.0
    return [start.towards(goal, head_start + (1 - head_start) * (k / (n - 1))) for k in range(n)]


def _progress(ranking: Ranking, start: Affect, goal: Affect) -> Floats:
    """Return how far along the line from start to goal each candidate lies [n].

    Where start and goal are one point, it is how near to it.
    """
    direction = np.array([goal.valence - start.valence, goal.arousal - start.arousal])
    return ranking.places @ direction if direction.any() else -ranking.distances(Target(goal, _CERTAIN))


def _choices(
    ranking: Ranking, chosen: Sequence[int], order_by: Floats, targets: Sequence[Target], kind: ReasonKind
) -> list[Choice]:
    """Put the chosen candidates (indices) in the order of `order_by`, each with its waypoint and reason."""
    ordered = separate_artists(sorted(chosen, key=lambda i: (order_by[i], i)), ranking.candidates)
    choices = []
    for step, (i, target) in enumerate(zip(ordered, targets, strict=True), 1):
        candidate, waypoint = ranking.candidates[i], target.point
        offset = ranking.places[i] - (waypoint.valence, waypoint.arousal)
        reason = Reason(
            kind,
            step,
            len(ordered),
            candidate.mood.source,
            float(np.hypot(*offset)),
            _reaches(candidate.mood, waypoint),
        )
        choices.append(Choice(candidate, waypoint, reason))
    return choices


def _reaches(mood: TrackMood, waypoint: Affect) -> bool:
    """Tell whether a mood lies on the side of neutral, on each axis, that the waypoint clearly asks for."""
    axes = ((mood.affect.valence, waypoint.valence), (mood.affect.arousal, waypoint.arousal))
    return all(abs(wanted) < _CLEAR_SIDE or believed * wanted > 0 for believed, wanted in axes)


def separate_artists(ordered: Sequence[int], candidates: Candidates) -> list[int]:
    """Keep the order, changed as little as keeps an artist from coming twice in a row, where possible."""
    # Tracks without an artist are each their own.
    artists = {i: candidates[i].track.lead_artist or str(i) for i in ordered}
    rest = list(ordered)
    result: list[int] = []
    while rest:
        previous = artists[result[-1]] if result else ""
        following = next((i for i in rest if _can_follow(artists, previous, i, rest)), rest[0])
        rest.remove(following)
        result.append(following)
    return result


def _can_follow(artists: dict[int, str], previous: str, following: int, rest: Sequence[int]) -> bool:
    """Tell whether `following` is by somebody else and the rest can still be put apart after it.

    That is so as long as nobody holds more than every second of the places left.
    """
    if artists[following] == previous:
        return False
    left = Counter(artists[i] for i in rest if i != following)
    return all(count <= (left.total() + 1) // 2 for count in left.values())
