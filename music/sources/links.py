"""Recognise playlist links: which service, which playlist. Nothing is fetched here."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, urlsplit

from music.errors import Code, LinkNotRecognised, Problem


class Service(StrEnum):
    """Name a music service whose playlist links are recognised."""

    DEEZER = "deezer"
    SPOTIFY = "spotify"
    YOUTUBE = "youtube"
    APPLE_MUSIC = "apple-music"
    SOUNDCLOUD = "soundcloud"
    TIDAL = "tidal"
    LISTENBRAINZ = "listenbrainz"

    @property
    def label(self) -> str:
        """Return the name under which people know the service, in every language."""
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class PlaylistLink:
    """Name a playlist of a service by the service's own `id`."""

    service: Service
    id: str

    @property
    def address(self) -> str:
        """Return the address under which people find the playlist."""
        return _ADDRESSES[self.service].format(self.id)


_LABELS: dict[Service, str] = {
    Service.DEEZER: "Deezer",
    Service.SPOTIFY: "Spotify",
    Service.YOUTUBE: "YouTube",
    Service.APPLE_MUSIC: "Apple Music",
    Service.SOUNDCLOUD: "SoundCloud",
    Service.TIDAL: "Tidal",
    Service.LISTENBRAINZ: "ListenBrainz",
}
# The services whose public lists are read without a login.
PUBLIC = (Service.DEEZER, Service.YOUTUBE, Service.LISTENBRAINZ)
# Without a country, which every service adds by itself.
_ADDRESSES: dict[Service, str] = {
    Service.DEEZER: "https://www.deezer.com/playlist/{}",
    Service.SPOTIFY: "https://open.spotify.com/playlist/{}",
    Service.YOUTUBE: "https://www.youtube.com/playlist?list={}",
    Service.APPLE_MUSIC: "https://music.apple.com/playlist/{}",
    Service.SOUNDCLOUD: "https://soundcloud.com/{}",
    Service.TIDAL: "https://tidal.com/playlist/{}",
    Service.LISTENBRAINZ: "https://listenbrainz.org/playlist/{}",
}
# Exact hosts only: "deezer.com.example.org" and "deezer.com@example.org" are somebody else's.
_HOSTS: dict[str, Service] = {
    "deezer.com": Service.DEEZER,
    "www.deezer.com": Service.DEEZER,
    "open.spotify.com": Service.SPOTIFY,
    "play.spotify.com": Service.SPOTIFY,
    "youtube.com": Service.YOUTUBE,
    "www.youtube.com": Service.YOUTUBE,
    "m.youtube.com": Service.YOUTUBE,
    "music.youtube.com": Service.YOUTUBE,
    "youtu.be": Service.YOUTUBE,
    "music.apple.com": Service.APPLE_MUSIC,
    "soundcloud.com": Service.SOUNDCLOUD,
    "www.soundcloud.com": Service.SOUNDCLOUD,
    "m.soundcloud.com": Service.SOUNDCLOUD,
    "tidal.com": Service.TIDAL,
    "www.tidal.com": Service.TIDAL,
    "listen.tidal.com": Service.TIDAL,
    "listenbrainz.org": Service.LISTENBRAINZ,
}
TRACK_HOSTS = frozenset(_HOSTS)
_SHORT_HOSTS = frozenset(
    {
        "link.deezer.com",
        "deezer.page.link",
        "dzr.page.link",
        "spotify.link",
        "spotify.app.link",
        "on.soundcloud.com",
    }
)
# The path that a service gives its playlists; YouTube's id is in the query.
_PATHS: dict[Service, re.Pattern[str]] = {
    Service.DEEZER: re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?playlist/0*([1-9]\d{0,19})/?"),
    Service.SPOTIFY: re.compile(r"/(?:intl-[\w-]+/)?(?:user/[^/]+/)?playlist/([0-9A-Za-z]{22})/?"),
    Service.APPLE_MUSIC: re.compile(r"/(?:[a-z]{2}/)?playlist/(?:[^/]+/)?(pl\.[\w.-]+)/?"),
    Service.SOUNDCLOUD: re.compile(r"/([\w-]+/sets/[\w-]+)/?"),
    Service.TIDAL: re.compile(r"/(?:browse/)?playlist/([0-9a-f-]{36})(?:/u)?/?"),
    Service.LISTENBRAINZ: re.compile(r"/playlist/([0-9a-f-]{36})/?"),
}
_YOUTUBE_ID = re.compile(r"[\w-]{2,64}")


def recognise(text: str) -> PlaylistLink:
    """Return the playlist that a pasted link means; a missing https:// is forgiven.

    Raises LinkNotRecognised for short links, links to something else than a playlist, and other addresses.
    """
    parts = _split(text)
    host = parts.netloc.lower()
    if host in _SHORT_HOSTS:
        raise LinkNotRecognised(Problem(Code.SHORT_LINK))
    if host not in _HOSTS:
        raise LinkNotRecognised(Problem(Code.UNKNOWN_ADDRESS))
    service = _HOSTS[host]
    identifier = _youtube_list(parts) if service is Service.YOUTUBE else _in_path(service, parts)
    if identifier is None:
        raise LinkNotRecognised(Problem(Code.NOT_A_PLAYLIST))
    return PlaylistLink(service, identifier)


def _split(text: str) -> SplitResult:
    text = text.strip()
    if text.startswith("spotify:playlist:"):
        text = "https://open.spotify.com/playlist/" + text.removeprefix("spotify:playlist:")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        raise LinkNotRecognised(Problem(Code.NOT_A_LINK)) from None
    if parts.scheme not in ("http", "https"):
        raise LinkNotRecognised(Problem(Code.NOT_A_LINK))
    return parts


def _in_path(service: Service, parts: SplitResult) -> str | None:
    found = _PATHS[service].fullmatch(parts.path)
    return found[1] if found else None


def _youtube_list(parts: SplitResult) -> str | None:
    identifier = parse_qs(parts.query).get("list", [""])[0]
    return identifier if _YOUTUBE_ID.fullmatch(identifier) else None
