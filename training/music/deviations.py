"""Measure how much each source of moods tells, where there is something to measure it on.

A source whose standard scores correlate r with how listeners tag the mood of music leaves a deviation of
PRIOR_SD * sqrt(1 - r^2): that is how music.moods turns the r of its modules into deviations.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import correlation, fmean, pstdev
from typing import Any

from domain import Affect
from domain.tracks import Features, Track, TrackMood
from music.moods.audio_features import mood_from_features
from music.moods.genres import mood_from_genres
from music.moods.tags import mood_from_tags
from music.moods.titles import mood_from_title
from music.moods.word_norms import NORMS
from music.sound import analyse, read_sound
from training.files import members
from training.music.clips import QUADRANTS

Pairs = list[tuple[Affect, Affect]]  # what a source says, and what listeners say
Labels = Mapping[tuple[str, str], Affect]  # by the key of a track
Labelled = tuple[Track, Affect]
Row = Mapping[str, str]

# Of the feelings that listeners of Emotify tick, those that are clearly pleasant or not, and stirring or not.
_PLEASANT, _UNPLEASANT = ("joyful_activation", "tenderness", "calmness"), ("tension", "sadness")
_STIRRING, _STILL = ("joyful_activation", "power", "tension"), ("calmness", "tenderness", "sadness")
_CLEAR = "moodylyrics4q.csv.gz"  # tracks whose listeners all but agree on one of four moods
_FEWEST = 5  # other listeners of a track
_FEWEST_KNOWN = 100  # tracks of a decade


def deviations(music: Path) -> dict[str, Any]:
    """Return for each source how many tracks it says something of, and its correlations with listeners."""
    labels = _labels(music)
    valued = _valued(music, labels)
    tracks = list(_rows(music / "deezer_va.csv.gz"))
    return {
        "values of a file, against listeners' tags": _source_figures(valued, mood_from_features),
        "the same, in the decade of which they tell least": _least(music, labels),
        "genres of a file, against listeners' tags": _source_figures(valued, mood_from_genres),
        "words of the title, against listeners' tags": _source_figures(
            [(Track(row["title"]), _affect(row)) for row in tracks], mood_from_title
        ),
        "one mood tag of listeners, against all their tags": _tagged(music, labels, valued),
        "mood tags of editors, against the quadrants that they were chosen by": _editors(music),
        "the sound, against what other listeners of other music feel": _sounds(music),
        "what one listener says, against all others": _listeners(music),
        "mood of who gives a thumb up, against the track's": _thumbs(music),
    }


def _source_figures(
    tracks: Iterable[Labelled], source: Callable[[Track], TrackMood | None]
) -> dict[str, Any]:
    return _figures([(mood.affect, truth) for track, truth in tracks if (mood := source(track)) is not None])


def _figures(pairs: Pairs) -> dict[str, Any]:
    v = correlation([said.valence for said, _ in pairs], [true.valence for _, true in pairs])
    a = correlation([said.arousal for said, _ in pairs], [true.arousal for _, true in pairs])
    return {"tracks": len(pairs), "r_valence": round(v, 3), "r_arousal": round(a, 3)}


def _labels(music: Path) -> Labels:
    """Return valence and arousal by listeners' tags (about -2.5..2.5, scaled to fit the plane)."""
    rows = _rows(music / "deezer_va.csv.gz")
    return {Track(row["title"], row["artist"]).key: _affect(row) for row in rows}


def _affect(row: Row) -> Affect:
    return Affect(*(max(-1.0, min(1.0, float(row[axis]) / 3)) for axis in ("valence", "arousal")))


def _valued(music: Path, labels: Labels) -> list[Labelled]:
    """Return tracks with values of their sound that these labels are of."""
    tables = ("spotify_features_1960_2019.csv.gz", "user_tracks.csv.gz")
    return [known for table in tables for known in _known(labels, _rows(music / table))]


def _known(labels: Labels, rows: Iterable[Row]) -> Iterator[Labelled]:
    """Yield tracks of a table that these labels are of, each once."""
    seen = set()
    for row in rows:
        track = Track(
            row["title"],
            row["artist"],
            features=Features(float(row["valence"]), float(row["energy"])) if row["valence"] else Features(),
            genres=tuple(filter(None, row.get("genres", "").split(","))),
        )
        if track.key in labels and track.key not in seen:
            seen.add(track.key)
            yield track, labels[track.key]


def _least(music: Path, labels: Labels) -> dict[str, Any]:
    """Return the figures of the decade in which Spotify's values tell least.

    So much may be expected of values by others that are made to resemble them, on which nothing is measured.
    """
    decades = defaultdict(list)
    for row in _rows(music / "spotify_features_1960_2019.csv.gz"):
        decades[row["decade"]].append(row)
    known = [list(_known(labels, rows)) for rows in decades.values()]
    figures = [
        _source_figures(tracks, mood_from_features) for tracks in known if len(tracks) >= _FEWEST_KNOWN
    ]
    return min(figures, key=lambda found: found["r_valence"] + found["r_arousal"])


def _tagged(music: Path, labels: Labels, every: Sequence[Labelled]) -> dict[str, Any]:
    """Return the figures of one tag of listeners against all their tags.

    They are of tracks that were chosen because their tags are of one mood, so that all that tells of moods tells more
    here. How much more is seen by Spotify's values; `of_all_tracks` is what is left without that.
    """
    said = {Track(row["title"], row["artist"]).key: _word(row["mood"]) for row in _rows(music / _CLEAR)}
    found = _figures([(affect, labels[key]) for key, affect in said.items() if key in labels])
    clear, plain = (_source_figures(of, mood_from_features) for of in (_valued(music, said), every))
    left = {
        f"{r}_of_all_tracks": round(found[r] * plain[r] / clear[r], 3) for r in ("r_valence", "r_arousal")
    }
    return found | left


def _word(tag: str) -> Affect:
    mood = mood_from_tags({tag: 1})
    assert mood is not None, tag
    return mood.affect


def _editors(music: Path) -> dict[str, Any]:
    """Return the figures of editors' tags, and the spread of the norms of their words.

    music.moods.tags standardises with that.
    """
    pairs, norms = list[tuple[Affect, Affect]](), list[tuple[float, float]]()
    for row in _rows(music / "clips.csv"):
        words = [NORMS[word] for word in row["moods"].casefold().split("; ") if word in NORMS]
        mood = mood_from_tags(dict.fromkeys(row["moods"].split("; "), 1.0))
        if row["quadrant"] in QUADRANTS and words and mood:
            arousal, valence = QUADRANTS[row["quadrant"]]
            pairs.append((mood.affect, Affect(2 * valence - 1, 2 * arousal - 1)))
            norms.append((fmean(v for v, _ in words), fmean(a for _, a in words)))
    spread = {
        axis: [round(fmean(values), 2), round(pstdev(values), 2)]
        for axis, values in zip(("norms_valence", "norms_arousal"), zip(*norms, strict=True), strict=True)
    }
    return _figures(pairs) | spread


def _sounds(music: Path) -> dict[str, Any]:
    """Return the figures of Emotify's excerpts, on which nothing was trained."""
    felt = {row["path"]: _ticked([row]) for row in _rows(music / "clips.csv") if row["source"] == "Emotify"}
    heard = ((name, data) for name, data in members(music / "clips.tar") if name in felt)
    return _figures([(analyse(read_sound(data)).mood.affect, felt[name]) for name, data in heard])


def _listeners(music: Path) -> dict[str, Any]:
    return _figures([(_ticked([one]), _ticked(others)) for one, others in _votes(music)])


def _thumbs(music: Path) -> dict[str, Any]:
    """Return whether people like music that fits their mood (1..5, asked before they listened)."""
    liked = [(one, others) for one, others in _votes(music) if one["liked"] == "1"]
    moods, valences = (
        [float(one["mood"]) for one, _ in liked],
        [_ticked(others).valence for _, others in liked],
    )
    return {"tracks": len(liked), "r_valence": round(correlation(moods, valences), 3)}


def _votes(music: Path) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Yield each vote of Emotify, with all others on the same track."""
    tracks = defaultdict(list)
    for row in _rows(music / "emotify_votes.csv.gz"):
        tracks[row["track id"]].append(row)
    for votes in tracks.values():
        for at, vote in enumerate(votes):
            if len(votes) > _FEWEST:
                yield vote, votes[:at] + votes[at + 1 :]


def _ticked(votes: Sequence[Row]) -> Affect:
    """Return the mood that the feelings stand for, each axis from -1 (all ticked against it) to 1."""

    def share(feelings: Sequence[str]) -> float:
        return fmean(fmean(float(vote[feeling]) for feeling in feelings) for vote in votes)

    return Affect(share(_PLEASANT) - share(_UNPLEASANT), share(_STIRRING) - share(_STILL))


def _rows(path: Path) -> Iterator[Row]:
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8", newline="") as table
    ):
        yield from csv.DictReader(table)
