"""What is believed about a track's mood, and how sure."""

import csv
import gzip
from itertools import pairwise
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Affect
from music import Features, MoodSource, Provenance, Track, TrackMood, mood_of
from music.moods.combination import combine
from music.moods.genres import mood_from_genres
from music.moods.prior import NEUTRAL, PRIOR_SD
from music.moods.quadrant_answers import Quadrant, mood_from_answer
from music.moods.titles import mood_from_title
from tests.music.real_data import MUSIC, needs

shares = st.floats(0, 1)


def with_features(valence: float | None, energy: float | None) -> Track:
    return Track("Xyzzy", features=Features(valence, energy))


def test_nothing_known_is_neutral_and_wide() -> None:
    assert mood_of(Track("Xyzzy", "Nobody")) == NEUTRAL
    assert NEUTRAL.sd_valence == NEUTRAL.sd_arousal == PRIOR_SD


@given(st.lists(shares, min_size=2, max_size=6, unique=True))
def test_more_valence_and_energy_are_a_happier_and_livelier_mood(values: list[float]) -> None:
    moods = [mood_of(with_features(value, value)).affect for value in sorted(values)]
    assert all(a.valence <= b.valence and a.arousal <= b.arousal for a, b in pairwise(moods))


@given(st.none() | shares, st.none() | shares)
def test_features_narrow_only_their_own_axis(valence: float | None, energy: float | None) -> None:
    mood = mood_of(with_features(valence, energy))
    assert (mood.sd_valence < PRIOR_SD) == (valence is not None)
    assert (mood.sd_arousal < PRIOR_SD) == (energy is not None)
    assert (mood.source is MoodSource.FEATURES) == (valence is not None or energy is not None)


def test_the_estimate_is_shrunken_to_what_the_correlation_allows() -> None:
    """One standard deviation more valence is r = .40 of one in mood, with sqrt(1 - .16) left."""
    mood = mood_of(with_features(0.55 + 0.28, None))
    assert mood.affect.valence == pytest.approx(0.40 * PRIOR_SD)
    assert mood.sd_valence == pytest.approx(PRIOR_SD * 0.84**0.5)


@pytest.mark.parametrize(
    ("title", "valence", "arousal"),
    [
        ("Happy Dance Party", 1, 1),
        ("KILL the Devil", -1, 1),
        ("Crying Alone", -1, -1),
        ("Peaceful Dreams", 1, -1),
        ("Corazón Triste", -1, -1),
    ],
)
def test_words_of_a_title_lean_where_they_sound(title: str, valence: int, arousal: int) -> None:
    mood = mood_of(Track(title))
    assert mood.affect.valence * valence > 0
    assert mood.affect.arousal * arousal > 0
    assert mood.source is MoodSource.TITLE


def test_a_word_inside_another_is_not_heard() -> None:
    assert mood_of(Track("Gladiators Sadler Cryptic")) == NEUTRAL


@pytest.mark.parametrize(
    ("genres", "valence", "arousal"),
    [
        (("Black Metal",), -1, 1),
        (("ambient", "drone"), -1, -1),
        (("cumbia pop",), 1, 1),
        (("bossa nova",), 1, -1),
    ],
)
def test_genres_lean_where_their_music_does(genres: tuple[str, ...], valence: int, arousal: int) -> None:
    mood = mood_of(Track("Xyzzy", genres=genres))
    assert mood.affect.valence * valence > 0
    assert mood.affect.arousal * arousal > 0
    assert mood.source is MoodSource.GENRE


def test_the_longer_genre_counts() -> None:
    assert mood_from_genres(Track("", genres=("soul jazz",))) != mood_from_genres(
        Track("", genres=("vocal jazz",))
    )
    assert mood_from_genres(Track("", genres=("popcorn", "metallic"))) is None


@pytest.mark.parametrize("provider", [mood_from_title, mood_from_genres])
@pytest.mark.parametrize("provenance", Provenance)
def test_texts_from_spotifys_api_are_not_read(provider: type, provenance: Provenance) -> None:
    track = Track("Happy Party", genres=("disco",), provenance=provenance)
    assert (provider(track) is None) == (provenance is Provenance.SPOTIFY_API)


def test_spotifys_api_leaves_the_mood_unknown() -> None:
    assert mood_of(Track("Happy Party", genres=("disco",), provenance=Provenance.SPOTIFY_API)) == NEUTRAL


@pytest.mark.parametrize("quarter", Quadrant)
def test_what_the_person_says_goes_before_what_a_sound_tells(quarter: Quadrant) -> None:
    said = mood_from_answer(quarter)
    opposite = TrackMood(
        Affect(-said.affect.valence, -said.affect.arousal), 0.28, 0.28, MoodSource.SOUND, tempo=120.0
    )
    both = combine([opposite, said])
    assert both.source is MoodSource.ANSWER
    assert both.affect.valence * said.affect.valence > 0
    assert both.affect.arousal * said.affect.arousal > 0
    assert both.tempo == 120.0


moods = st.builds(
    lambda v, e, title, genre: mood_of(Track(title, genres=genre, features=Features(v, e))),
    st.none() | shares,
    st.none() | shares,
    st.sampled_from(["", "Sad Song", "Party"]),
    st.sampled_from([(), ("metal",), ("disco",)]),
)


@given(st.lists(moods, max_size=4))
def test_more_evidence_never_widens(evidence: list[TrackMood]) -> None:
    combined = combine(evidence)
    for mood in [*evidence, NEUTRAL]:
        assert combined.sd_valence <= mood.sd_valence + 1e-9
        assert combined.sd_arousal <= mood.sd_arousal + 1e-9


@given(moods)
def test_combining_one_changes_nothing_nor_does_adding_ignorance(mood: TrackMood) -> None:
    for combined in (combine([mood]), combine([mood, NEUTRAL])):
        assert combined.affect.distance(mood.affect) == pytest.approx(0, abs=1e-9)
        assert combined.sd_valence == pytest.approx(mood.sd_valence)
        assert combined.source == mood.source


def test_agreeing_evidence_is_bolder_than_each_part() -> None:
    features = mood_of(with_features(0.9, 0.9))
    both = mood_of(Track("Party", features=Features(0.9, 0.9)))
    assert both.affect.valence > features.affect.valence
    assert both.source is MoodSource.FEATURES


@pytest.mark.data
@needs(MUSIC / "deezer_va.csv.gz")
def test_titles_correlate_with_listeners_tags_as_much_as_claimed() -> None:
    with gzip.open(MUSIC / "deezer_va.csv.gz", "rt", encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["split"] == "validation"]
    known = [(mood, row) for row in rows if (mood := mood_from_title(Track(row["title"])))]
    assert 0.25 < len(known) / len(rows) < 0.35
    assert _correlation([(m.affect.valence, float(row["valence"])) for m, row in known]) >= 0.15
    assert _correlation([(m.affect.arousal, float(row["arousal"])) for m, row in known]) >= 0.10


def _correlation(pairs: list[tuple[float, float]]) -> float:
    return correlation([a for a, _ in pairs], [b for _, b in pairs])
