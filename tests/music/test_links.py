"""Playlist links of the services, and addresses that only look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music.errors import LinkNotRecognised
from music.sources.links import PlaylistLink, Service, recognise
from music.wording import worded
from tests.music.sentences import refused

SPOTIFY = "37i9dQZF1DXcBWIGoYBM5M"
UUID = "36ea71a8-445e-41a4-82ab-6628c581535d"


@pytest.mark.parametrize(
    ("link", "service", "identifier"),
    [
        ("https://www.deezer.com/playlist/908622995", Service.DEEZER, "908622995"),
        ("https://www.deezer.com/en/playlist/908622995?utm_source=x#top", Service.DEEZER, "908622995"),
        ("deezer.com/pt-br/playlist/908622995/", Service.DEEZER, "908622995"),
        ("  http://DEEZER.com/playlist/1 ", Service.DEEZER, "1"),
        ("https://www.deezer.com/playlist/0012", Service.DEEZER, "12"),
        (f"https://open.spotify.com/playlist/{SPOTIFY}?si=1", Service.SPOTIFY, SPOTIFY),
        (f"https://open.spotify.com/intl-de/playlist/{SPOTIFY}", Service.SPOTIFY, SPOTIFY),
        (f"spotify:playlist:{SPOTIFY}", Service.SPOTIFY, SPOTIFY),
        ("https://music.youtube.com/playlist?list=PLabc_-1", Service.YOUTUBE, "PLabc_-1"),
        ("https://www.youtube.com/watch?v=x&list=PLabc", Service.YOUTUBE, "PLabc"),
        ("https://youtu.be/x?list=PLabc", Service.YOUTUBE, "PLabc"),
        (
            "https://music.apple.com/us/playlist/chill/pl.2b0e6e332fdf4b7a",
            Service.APPLE_MUSIC,
            "pl.2b0e6e332fdf4b7a",
        ),
        ("https://soundcloud.com/somebody/sets/night-drive", Service.SOUNDCLOUD, "somebody/sets/night-drive"),
        (f"https://tidal.com/browse/playlist/{UUID}", Service.TIDAL, UUID),
        (f"https://listenbrainz.org/playlist/{UUID}/", Service.LISTENBRAINZ, UUID),
    ],
)
def test_playlists_are_recognised(link: str, service: Service, identifier: str) -> None:
    assert recognise(link) == PlaylistLink(service, identifier)


@pytest.mark.parametrize(
    "link",
    [
        "https://deezer.com.example.org/playlist/1",
        "https://deezer.com@example.org/playlist/1",
        "https://www.deezer.com:8080/playlist/1",
        "https://example.org/https://www.deezer.com/playlist/1",
        "ftp://www.deezer.com/playlist/1",
        "https://192.168.0.1/playlist/1",
        "http://[",
        "hello",
        "",
    ],
)
def test_other_addresses_are_not(link: str) -> None:
    with pytest.raises(LinkNotRecognised):
        recognise(link)


@pytest.mark.parametrize("link", ["https://link.deezer.com/s/abc", "https://spotify.link/abc"])
def test_short_links_ask_for_the_long_one(link: str) -> None:
    with refused(LinkNotRecognised, "short link: please open it"):
        recognise(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.deezer.com/track/1",
        "https://www.deezer.com/playlist/1/../../track/2",
        "https://www.deezer.com/playlist/abc",
        "https://www.deezer.com/playlist/000",
        f"https://open.spotify.com/track/{SPOTIFY}",
        "https://www.youtube.com/watch?v=x",
    ],
)
def test_links_to_something_else_are_told_so(link: str) -> None:
    with refused(LinkNotRecognised, "something else than a playlist"):
        recognise(link)


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_the_named_error(text: str) -> None:
    try:
        assert recognise(text).id
    except LinkNotRecognised as error:
        assert worded(error.problem).endswith(".")
