"""Match and Regulate on the playlists that three people really have."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from domain import Affect, Emotion, Goal, goal_for
from domain.affect import NORMS
from music import Candidate, Choice, Features, Track, mood_of
from tests.music.real_data import MUSIC, needs
from tests.music.selecting import match, regulate

pytestmark = [pytest.mark.data, needs(MUSIC / "user_playlists.csv.gz")]

LOW = (Emotion.SAD, Emotion.ANGRY, Emotion.FEAR)


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(MUSIC / name, "rt", encoding="utf-8") as table:
        return list(csv.DictReader(table))


@cache
def playlists() -> tuple[tuple[Candidate, ...], ...]:
    """Those of at least 30 tracks with values, 131 of them."""
    tracks = {
        row["id"]: Track(
            row["title"],
            row["artist"],
            features=Features(float(row["valence"]) or None, float(row["energy"]) or None),
        )
        for row in _rows("user_tracks.csv.gz")
        if row["valence"] and row["energy"]
    }
    lists: dict[tuple[str, str], list[Track]] = defaultdict(list)
    for row in _rows("user_playlists.csv.gz"):
        if row["id"] in tracks:
            lists[row["src"], row["playlist"]].append(tracks[row["id"]])
    return tuple(
        tuple(Candidate(i, track, mood_of(track)) for i, track in enumerate(entries))
        for entries in lists.values()
        if len(entries) >= 30
    )


def measured(candidate: Candidate) -> Affect:
    """Where the track's own values put it, which the selection sees only as ranks."""
    sound = candidate.track.features
    return Affect(2 * (sound.valence or 0.5) - 1, 2 * (sound.energy or 0.5) - 1)


def mean_distance(point: Affect, pick: Callable[[tuple[Candidate, ...]], Candidate]) -> float:
    return float(np.mean([point.distance(measured(pick(playlist))) for playlist in playlists()]))


def at_random(rng: np.random.Generator) -> Callable[[tuple[Candidate, ...]], Candidate]:
    return lambda playlist: playlist[rng.integers(len(playlist))]


def walks(emotion: Emotion, goal: Goal) -> list[list[Choice]]:
    rng = np.random.default_rng(0)
    return [regulate(playlist, NORMS[emotion], goal.affect, 5, rng) for playlist in playlists()]


@pytest.mark.parametrize("emotion", LOW)
def test_walks_end_nearer_to_the_goal_than_they_began_and_than_chance(emotion: Emotion) -> None:
    goal = goal_for(NORMS[emotion])
    ends = [
        [goal.affect.distance(measured(choice.candidate)) for choice in (walk[0], walk[-1])]
        for walk in walks(emotion, goal)
    ]
    first, last = np.mean(ends, axis=0)
    chance = mean_distance(goal.affect, at_random(np.random.default_rng(1)))
    assert np.mean([end < start for start, end in ends]) > 0.9
    assert last < 0.65 * first
    assert last < 0.65 * chance


@pytest.mark.parametrize("emotion", [*LOW, Emotion.HAPPY])
def test_matches_are_nearer_to_the_mood_than_chance(emotion: Emotion) -> None:
    mood, rng = NORMS[emotion], np.random.default_rng(0)
    near = mean_distance(mood, lambda playlist: match(playlist, mood, 1, rng)[0].candidate)
    chance = mean_distance(mood, at_random(np.random.default_rng(1)))
    assert near < 0.7 * chance
