"""What thumbs teach stays small, and says more about a track than about its artist."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from music import Rating, Taste, Track
from music.selection.taste import ARTIST_BOUND, TRACK_BOUND

SONG, OTHER, ELSE = Track("Song", "Band"), Track("Other", "Band"), Track("Else", "Singer")
ratings = st.lists(
    st.builds(Rating, st.sampled_from([SONG, OTHER, ELSE, Track("", "")]), st.booleans()), max_size=30
)


def test_without_answers_nothing_shifts() -> None:
    assert Taste.learn([]).shift(SONG) == Taste().shift(SONG) == 0
    assert not Taste.learn([])


def test_a_thumb_moves_its_track_most_its_artist_a_little_and_others_not() -> None:
    taste = Taste.learn([Rating(SONG, liked=True)])
    assert taste.shift(SONG) > taste.shift(OTHER) > taste.shift(ELSE) == 0
    assert Taste.learn([Rating(SONG, liked=False)]).shift(SONG) == -taste.shift(SONG)


def test_the_same_answer_again_says_less_each_time() -> None:
    shifts = [Taste.learn([Rating(SONG, liked=True)] * n).shift(SONG) for n in range(4)]
    gains = [b - a for a, b in pairwise(shifts)]
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0


@given(ratings)
def test_it_is_bounded_and_does_not_mind_the_order(given_ratings: list[Rating]) -> None:
    taste = Taste.learn(given_ratings)
    for track in (SONG, OTHER, ELSE):
        assert abs(taste.shift(track)) < TRACK_BOUND + ARTIST_BOUND
        assert taste.shift(track) == Taste.learn(reversed(given_ratings)).shift(track)
