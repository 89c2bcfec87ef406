"""Tracks: what makes two the same, how they travel as JSON, where they are heard, and those from audio."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tracks import TRACK_JSON
from music import Features, Provenance, Track, TrackMood, listen_link, mood_of
from music.sources.entries.telegram_audio import track_from_audio
from tests.growth import grows_faster

tracks = st.builds(
    Track,
    title=st.text(max_size=20),
    artist=st.text(max_size=20),
    album=st.none() | st.text(max_size=20),
    duration_s=st.none() | st.integers(1, 5000),
    features=st.builds(Features, st.none() | st.floats(0, 1), st.none() | st.floats(0, 1)),
    genres=st.lists(st.text(max_size=8), max_size=3).map(tuple),
    provenance=st.sampled_from(Provenance),
)


@given(tracks)
def test_tracks_and_moods_survive_json(track: Track) -> None:
    assert (
        TRACK_JSON.validate_python(json.loads(json.dumps(TRACK_JSON.dump_python(track, mode="json"))))
        == track
    )
    mood = mood_of(track)
    assert TrackMood.from_dict(json.loads(json.dumps(mood.to_dict()))) == mood


@pytest.mark.parametrize(
    "other",
    [
        Track("don't stop", "QUEEN"),
        Track("Don’t  Stop", "Queen "),
        Track("Don't Stop", "Queen", album="Another", link="https://example.org/1"),
        Track("Don't Stop (feat. Somebody)", "Queen, Somebody"),
        Track("Don't Stop - Remastered 2011", "Queen"),
        Track("Don't Stop - 2011 Remaster", "Queen · Somebody"),
        Track("Don't Stop [Remastered]", "Queen"),
    ],
)
def test_the_same_song_has_one_key_however_it_is_written(other: Track) -> None:
    assert other.key == Track("Don't Stop", "Queen").key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Track("Hello", "Adele"), Track("Hello", "Lionel Richie")),
        (Track("नैना", "A"), Track("नीना", "A")),
        (Track("Song", "A"), Track("Song - Live", "A")),
        (Track("(feat. B)", "A"), Track("(feat. C)", "A")),
        (
            Track("", link="https://open.spotify.com/track/1"),
            Track("", link="https://open.spotify.com/track/2"),
        ),
    ],
)
def test_different_songs_have_different_keys(one: Track, other: Track) -> None:
    assert one.key != other.key


def test_whatever_a_source_says_can_be_printed_and_stored() -> None:
    track = Track("a\ud83d\0\nb\x85", "\ud83d\ude00", "\udfff", link="http://x/\x07", genres=("a\0b",))
    assert track == Track("a\ufffd  b", "\U0001f600", "\ufffd", link="http://x/", genres=("a b",))
    joined = "👩\u200d🎤 نیم\u200cفاصله\xa0"
    assert Track(joined).title == joined


def test_a_recording_is_known_by_its_code_too() -> None:
    one, other = Track("Ночь", "Кино", isrc="USRC17607839"), Track("Noch", "Kino", isrc="USRC17607839")
    assert set(one.identity_keys) & set(other.identity_keys)
    assert not set(one.identity_keys) & set(Track("Night", "Kino").identity_keys)


@pytest.mark.parametrize(
    "artist",
    ["Björk", "björk, Thom Yorke", "Björk;Arca", "Björk feat. Antony", "Björk ft. Tricky", "BJÖRK · Tricky"],
)
def test_the_lead_artist_is_the_first_that_is_named(artist: str) -> None:
    assert Track("Song", artist).lead_artist == "björk"


def test_a_track_without_artist_has_no_lead_artist() -> None:
    assert Track("Song").lead_artist == ""


def test_the_label_leaves_out_what_is_missing() -> None:
    assert Track("Song", "Band").label == "Band – Song"
    assert Track("Song").label == "Song"
    assert Track("").label == ""


def test_a_track_is_heard_at_its_own_address() -> None:
    assert (
        listen_link(Track("Song", link="https://www.deezer.com/track/1")) == "https://www.deezer.com/track/1"
    )


def test_a_track_without_address_is_searched_for() -> None:
    parts = urlsplit(listen_link(Track("Söng & Dance", "AC/DC")))
    assert (parts.scheme, parts.netloc) == ("https", "www.youtube.com")
    assert parse_qs(parts.query) == {"search_query": ["AC/DC Söng & Dance"]}


def test_audio_with_tags_keeps_them() -> None:
    track = track_from_audio(
        file_id="f",
        file_unique_id="u",
        title="Song - Live",
        performer="Band",
        file_name="x.mp3",
        duration_s=61,
    )
    assert (track.artist, track.title, track.duration_s) == ("Band", "Song - Live", 61)
    assert (track.file_id, track.file_unique_id, track.provenance) == ("f", "u", Provenance.AUDIO)


@pytest.mark.parametrize(
    ("title", "file_name", "expected"),
    [
        (None, "03 - Band - Song.mp3", ("Band", "Song")),
        (None, "Band_-_Song.m4a", ("Band", "Song")),
        (None, "recording.ogg", ("", "recording")),
        ("Band - Song", None, ("Band", "Song")),
        (None, None, ("", "")),
    ],
)
def test_audio_without_tags_is_named_after_its_file(
    title: str | None, file_name: str | None, expected: tuple[str, str]
) -> None:
    track = track_from_audio(file_id="f", file_unique_id="u", title=title, file_name=file_name)
    assert (track.artist, track.title) == expected


# What parts artists, and what titles say of guests and editions: patterns whose time grows with the square of a length.
JOINED = re.compile(r"\s*[,;·]|\s+(?:feat|ft|featuring)\b", re.IGNORECASE)
ASIDE = re.compile(
    r"\s*[(\[](?:feat|ft|featuring|with)\b[^)\]]*[)\]]|\s+(?:feat|ft)\.? .*"
    r"|\s*(?:-\s|[(\[])(?:\d{4} )?(?:digital )?remaster(?:ed)?(?: version)?(?: \d{4})?[)\]]?$",
    re.IGNORECASE,
)
parts = st.sampled_from(
    [
        " ",
        "a",
        ",",
        ";",
        "(",
        ")",
        "[",
        "]",
        " feat",
        " ft. ",
        "with ",
        " - ",
        "remaster",
        "ed",
        " 2011",
        "digital ",
    ]
)


@given(st.lists(parts, max_size=10).map("".join), st.lists(parts, max_size=10).map("".join))
def test_the_key_of_a_track_is_what_the_patterns_leave(title: str, artist: str) -> None:
    left = ASIDE.sub("", f"x{title}"), JOINED.split(artist, maxsplit=1)[0]
    assert Track(f"x{title}", artist).key == tuple(" ".join(text.split()) for text in left)


@pytest.mark.parametrize("piece", [" ", "(feat ", "- ", "a, ", "(2011 ", "feat "])
def test_the_key_takes_time_that_grows_with_the_length_alone(piece: str) -> None:
    assert not grows_faster(lambda length: Track(piece * length, piece * length).key)
