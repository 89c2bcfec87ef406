"""Song and artist out of what videos are called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music.sources.entries.video_titles import artist_and_song, quoted_words


@pytest.mark.parametrize(
    ("title", "channel", "artist", "song"),
    [
        ("Band - Song (Official Video)", "BandVEVO", "Band", "Song"),
        ("Band - Song [Official Music Video] (HD)", "", "Band", "Song"),
        ("Band – Song (Lyrics) | Official Audio", "x", "Band", "Song"),
        ("Band - Song (Live at Home) [Remastered]", "", "Band", "Song (Live at Home) [Remastered]"),
        ("Song (Remix)", "Band - Topic", "Band", "Song (Remix)"),
        ("Song", "BandVEVO", "Band", "Song"),
        ("Anti-Hero", "Taylor", "Taylor", "Anti-Hero"),
        ("(Official Video)", "", "", "(Official Video)"),
        ("Band - Song (Клип)", "", "Band", "Song"),
        ("Lyrics", "", "", "Lyrics"),
        ("Band - Song (Official Music Video) (Explicit)", "", "Band", "Song"),
        ("Band - Song (Official Video) [Remastered in 4K]", "x", "Band", "Song"),
        ("Band - Song (Official Video Remastered)", "x", "Band", "Song"),
        ("Band - Song (Version)", "x", "Band", "Song (Version)"),
        ("Queen: Bohemian Rhapsody", "Queen Official", "Queen", "Bohemian Rhapsody"),
        ("Queen: Bohemian Rhapsody (Official Video)", "QueenVEVO", "Queen", "Bohemian Rhapsody"),
        ("Bach: Cello Suite No. 1", "hr-Sinfonieorchester", "Bach", "Cello Suite No. 1"),
        ("Symphony No. 5 in C minor: Allegro", "x", "x", "Symphony No. 5 in C minor: Allegro"),
        ("Interlude: Moving On", "Paramore", "Paramore", "Interlude: Moving On"),
        ("Mission: Impossible", "U2VEVO", "U2", "Mission: Impossible"),
        ("12:05", "Band", "Band", "12:05"),
        ("BTS (방탄소년단) 'Dynamite' Official MV", "HYBE LABELS", "BTS", "Dynamite"),
        ("aespa ‘Next Level’ MV", "SMTOWN", "aespa", "Next Level"),
        ('IU "Don\'t Stop" (Official Video)', "1theK", "IU", "Don't Stop"),
        ("(G)I-DLE - 'TOMBOY' Official Music Video", "x", "(G)I-DLE", "TOMBOY"),
        ("'TOMBOY' MV", "(G)I-DLE", "(G)I-DLE", "TOMBOY"),
        ("Rock 'n' Roll", "Band", "Band", "Rock 'n' Roll"),
        ("Don't Stop 'Til You Get Enough", "Michael", "Michael", "Don't Stop 'Til You Get Enough"),
        ('"Heroes"', "David", "David", '"Heroes"'),
        ('David - "Heroes"', "x", "David", '"Heroes"'),
    ],
)
def test_titles(title: str, channel: str, artist: str, song: str) -> None:
    assert artist_and_song(title, channel) == (artist, song)


# What is quoted, as a pattern, whose time grows with the cube of the length of a title.
QUOTED = re.compile(r"(?:(.*\S)\s+)?['‘“\"](\S.*)['’”\"]((?:\s+\S+)*)")


@given(st.lists(st.sampled_from(["'", '"', "‘", "’", "a", "é", " "]), max_size=12).map("".join))
def test_words_are_quoted_where_the_pattern_says_so(title: str) -> None:
    plain = " ".join(title.split())
    found = QUOTED.fullmatch(plain)
    assert quoted_words(plain) == (found and (found[1] or "", found[2], found[3]))
