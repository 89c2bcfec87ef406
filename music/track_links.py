"""Say where a track can be heard. Only here are links made for people to press."""

from urllib.parse import urlencode

from domain.tracks import Track

_YOUTUBE_SEARCH = "https://www.youtube.com/results"


def listen_link(track: Track) -> str:
    """Return the track's own address, or a search for it on YouTube, which works without an account."""
    return (
        track.link
        or f"{_YOUTUBE_SEARCH}?{urlencode({'search_query': f'{track.artist} {track.title}'.strip()})}"
    )
