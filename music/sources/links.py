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
        return _SITES[self].label


@dataclass(frozen=True, slots=True)
class PlaylistLink:
    """Name a playlist of a service by the service's own `id`."""

    service: Service
    id: str

    @property
    def address(self) -> str:
        """Return the address under which people find the playlist."""
        return _SITES[self.service].address.format(self.id)


@dataclass(frozen=True, slots=True)
class _Site:
    """Describe how a service addresses its playlists.

    `address` is that of a playlist, with a place for its id and without a country, which every service adds by itself.
    `hosts` are exact: "deezer.com.example.org" and "deezer.com@example.org" are somebody else's. Those of `short_hosts`
    only lead on to another address. `path` finds the id; it is None where the id is in the query.
    """

    label: str
    address: str
    hosts: tuple[str, ...]
    path: re.Pattern[str] | None
    short_hosts: tuple[str, ...] = ()


_SITES: dict[Service, _Site] = {
    Service.DEEZER: _Site(
        "Deezer",
        "https://www.deezer.com/playlist/{}",
        ("deezer.com", "www.deezer.com"),
        re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?playlist/0*([1-9]\d{0,19})/?"),
        ("link.deezer.com", "deezer.page.link", "dzr.page.link"),
    ),
    Service.SPOTIFY: _Site(
        "Spotify",
        "https://open.spotify.com/playlist/{}",
        ("open.spotify.com", "play.spotify.com"),
        re.compile(r"/(?:intl-[\w-]+/)?(?:user/[^/]+/)?playlist/([0-9A-Za-z]{22})/?"),
        ("spotify.link", "spotify.app.link"),
    ),
    Service.YOUTUBE: _Site(
        "YouTube",
        "https://www.youtube.com/playlist?list={}",
        ("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"),
        None,
    ),
    Service.APPLE_MUSIC: _Site(
        "Apple Music",
        "https://music.apple.com/playlist/{}",
        ("music.apple.com",),
        re.compile(r"/(?:[a-z]{2}/)?playlist/(?:[^/]+/)?(pl\.[\w.-]+)/?"),
    ),
    Service.SOUNDCLOUD: _Site(
        "SoundCloud",
        "https://soundcloud.com/{}",
        ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"),
        re.compile(r"/([\w-]+/sets/[\w-]+)/?"),
        ("on.soundcloud.com",),
    ),
    Service.TIDAL: _Site(
        "Tidal",
        "https://tidal.com/playlist/{}",
        ("tidal.com", "www.tidal.com", "listen.tidal.com"),
        re.compile(r"/(?:browse/)?playlist/([0-9a-f-]{36})(?:/u)?/?"),
    ),
    Service.LISTENBRAINZ: _Site(
        "ListenBrainz",
        "https://listenbrainz.org/playlist/{}",
        ("listenbrainz.org",),
        re.compile(r"/playlist/([0-9a-f-]{36})/?"),
    ),
}
# The services whose public lists are read without a login.
PUBLIC = (Service.DEEZER, Service.YOUTUBE, Service.LISTENBRAINZ)
_HOSTS = {host: service for service, site in _SITES.items() for host in site.hosts}
_SHORT_HOSTS = frozenset(host for site in _SITES.values() for host in site.short_hosts)
TRACK_HOSTS = frozenset(_HOSTS)
_QUERY_ID = re.compile(r"[\w-]{2,64}")


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
    path = _SITES[service].path
    identifier = _in_path(path, parts) if path else _in_query(parts)
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


def _in_path(path: re.Pattern[str], parts: SplitResult) -> str | None:
    found = path.fullmatch(parts.path)
    return found[1] if found else None


def _in_query(parts: SplitResult) -> str | None:
    identifier = parse_qs(parts.query).get("list", [""])[0]
    return identifier if _QUERY_ID.fullmatch(identifier) else None
