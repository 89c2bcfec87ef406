"""The machine that hears moods: what is exported answers as what was fitted, artists stay on one side."""

import csv
import gzip
import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from music.sound.classifier import LIMIT
from tests.training.faces import write_tar
from training.music.clips import QUADRANTS, Clips
from training.music.deviations import deviations
from training.music.evaluate import cross_validated, odds_of
from training.music.fit import _fit_votes, fit, folds


def made_up(count: int = 120, seed: int = 0) -> Clips:
    """Clips whose first two statistics tell the quadrant, with noise; three by each artist."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 4, count)
    high = np.array(list(QUADRANTS.values()))[y]
    x = rng.normal(size=(count, 12))
    x[:, :2] += 3 * (high - 0.5)
    return Clips(x=x, simple=rng.normal(size=(count, 2)), y=y, artists=np.arange(count) // 3, ms=1.0)


def test_no_artist_is_on_both_sides_and_every_clip_is_tested_once() -> None:
    clips = made_up()
    tested = []
    for train, test in folds(clips, 5, seed=1):
        assert not set(clips.artists[train]) & set(clips.artists[test])
        tested += test.tolist()
    assert sorted(tested) == list(range(len(clips.y)))


def test_what_is_exported_votes_as_what_was_fitted() -> None:
    clips = made_up()
    every = np.arange(len(clips.y))
    machine, standardised = _fit_votes(clips, every)
    exported = fit(clips, every, seed=1)
    x = standardised(clips.x)
    distance = np.square(x[:, None] - exported.vectors.numpy()[None]).sum(2)
    votes = np.exp(-exported.gamma * distance) @ exported.votes.numpy() + exported.offsets.numpy()
    assert np.abs(x).max() <= LIMIT
    assert votes == pytest.approx(machine.decision_function(x), abs=1e-3)


def test_made_up_moods_are_learned_and_better_than_statistics_that_tell_nothing() -> None:
    clips = made_up(240)
    figures = cross_validated(clips, seed=1, draws=2)
    machine, simple = figures["machine"], figures["loudness and tempo"]
    assert machine["quadrant_macro_f1"] > 0.7 > simple["quadrant_macro_f1"]
    assert min(machine["arousal"]["auc"], machine["valence"]["auc"]) > 0.9
    assert machine["spread_ratio"] == pytest.approx(1, abs=0.15)


def test_odds_follow_the_quadrant() -> None:
    clips = made_up(240)
    odds = odds_of(fit(clips, np.arange(240), seed=1), clips.x)
    for axis in range(2):
        high = clips.high[:, axis] == 1
        assert odds[high, axis].mean() > 0.7 > 0.3 > odds[~high, axis].mean()


def test_deviations_follow_from_what_each_source_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values that are the listeners' tags with noise, titles and genres that say the same, one listener among six."""
    rng = np.random.default_rng(0)
    songs = [
        (f"{'Happy' if happy else 'Sad'} Song {n}", "disco" if happy else "doom", 1.0 if happy else -1.0)
        for n, happy in enumerate(rng.integers(0, 2, 60))
    ]
    tagged = [[title, "Band", tag, -tag, "train"] for title, _, tag in songs]
    _table(tmp_path / "deezer_va.csv.gz", ["title", "artist", "valence", "arousal", "split"], tagged)
    valued = [
        [title, "Band", 0.5 + 0.2 * tag + 0.1 * noise, 0.5 - 0.2 * tag, genre]
        for (title, genre, tag), noise in zip(songs, rng.normal(size=60), strict=True)
    ]
    names = ["title", "artist", "valence", "energy", "genres"]
    _table(tmp_path / "user_tracks.csv.gz", names, [*valued, ["Sad Stranger", "Nobody", 0.9, 0.9, "disco"]])
    of_decades = [[*row[:4], 1990 + 10 * (n % 2)] for n, row in enumerate(valued[40:])]
    of_decades = [[*row[:2], rng.random(), *row[3:]] if row[4] == 2000 else row for row in of_decades]
    _table(tmp_path / "spotify_features_1960_2019.csv.gz", [*names[:4], "decade"], of_decades)
    monkeypatch.setattr("training.music.deviations._FEWEST_KNOWN", 10)
    clear = [[title, "Band", "happy" if tag > 0 else "sad"] for title, _, tag in songs[:20]]
    _table(tmp_path / "moodylyrics4q.csv.gz", ["title", "artist", "mood"], clear)
    feelings = ["amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power"]
    feelings += ["joyful_activation", "tension", "sadness"]
    nobody = [0] * len(feelings)
    moods = [
        ["a", "4Q", "Q1", "Cheerful; Happy", *nobody],
        ["b", "4Q", "Q2", "Angry", *nobody],
        ["c", "4Q", "Q3", "Sad; Circular", *nobody],
        ["d", "4Q", "Q4", "Calm", *nobody],
        ["e", "4Q", "Q1", "Plaintive", *nobody],
    ]
    t = np.arange(3 * 16_000) / 16_000
    noise = rng.normal(size=len(t)) * np.exp(-30 * (t % 0.4))
    sounds = {"lively": noise, "calm": 0.03 * np.sin(2000 * t), "both": noise + np.sin(2000 * t)}
    for name, ticked in {
        "lively": [0] * 6 + [1, 0, 0],
        "calm": [0] * 4 + [1] + [0] * 4,
        "both": nobody,
    }.items():
        moods.append([name, "Emotify", "", "", *ticked])
    _table(tmp_path / "clips.csv", ["path", "source", "quadrant", "moods", *feelings], moods)
    write_tar(tmp_path / "clips.tar", {name: _wav(sound) for name, sound in sounds.items()})
    votes = []
    for track, listener in itertools.product(range(4), range(6)):
        felt = "joyful_activation" if track % 2 else "sadness"
        ticks = [int(feeling == felt) for feeling in feelings]
        votes.append([track, *ticks, 1 + (track + listener) % 5, 1])
    _table(tmp_path / "emotify_votes.csv.gz", ["track id", *feelings, "mood", "liked"], votes)
    found = list(deviations(tmp_path).values())
    values, least, genres, titles, tags, editors, heard, listeners, thumbs = found
    assert [each["tracks"] for each in found] == [80, 10, 60, 60, 20, 4, 3, 24, 24]
    assert 0.7 < values["r_valence"] < 1 == values["r_arousal"]
    assert abs(least["r_valence"]) < 0.5  # of 2000, whose values are drawn
    assert (genres["r_valence"], titles["r_valence"]) == (1, 1)
    assert tags["r_valence"] == 1
    assert 0.5 < tags["r_valence_of_all_tracks"] < 1  # with other tracks values tell less than with these
    assert editors["r_valence"] > 0.9
    assert heard["r_arousal"] > 0.5
    assert listeners["r_valence"] == listeners["r_arousal"] == 1
    assert abs(thumbs["r_valence"]) < 0.5


def _wav(sound: NDArray[np.float64]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, 0.3 * sound / np.abs(sound).max(), 16_000, format="WAV")
    return file.getvalue()


def _table(path: Path, names: list[str], rows: list[list[Any]]) -> None:
    with gzip.open(path, "wt", newline="") if path.suffix == ".gz" else path.open("w", newline="") as file:
        csv.writer(file).writerows([names, *rows])
