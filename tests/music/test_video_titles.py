"""Song and artist out of what videos are called."""

import pytest

from music.sources.video_titles import artist_and_song


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
    ],
)
def test_titles(title: str, channel: str, artist: str, song: str) -> None:
    assert artist_and_song(title, channel) == (artist, song)
