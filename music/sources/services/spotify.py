"""Read playlists of people who log in at Spotify, through spotipy.

spotipy asks synchronously, so everything here blocks and is meant for a thread. Of its habits, these are kept out:
retries that sleep as long as a server says, a file with tokens in the working folder, a browser, and lines in the log
with what it sends and gets.

Since 2026 an app in development mode serves five people, and everybody only their own playlists and those that they
work on with others. Nothing that comes from here may be read by a model.
"""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from spotipy import Spotify, SpotifyException, SpotifyPKCE
from spotipy.cache_handler import CacheHandler
from spotipy.oauth2 import SpotifyOauthError

from music.errors import (
    Code,
    PlaylistError,
    PlaylistUnavailable,
    Problem,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.entries.spotify_items import read_online
from music.sources.links import Service
from music.sources.services.restricted_session import restricted_session

API_URL, ACCOUNTS_URL = "https://api.spotify.com", "https://accounts.spotify.com"
LIKED = "liked"  # stands for the id of a person's liked songs, which are no playlist
SCOPES = "playlist-read-private playlist-read-collaborative user-library-read"
MAX_TRACKS = 10_000  # two hundred requests: Spotify shuts an app out for the day from some eight hundred on
OWN_AT_ONCE = _PAGE = 50  # as many as Spotify gives at once
_DEADLINE_S = 90.0
_NAME = Service.SPOTIFY.label

logging.getLogger("spotipy").setLevel(logging.CRITICAL)  # it quotes addresses, tokens and answers

# What spotipy raises for answers that it did not expect, and pydantic (a ValueError) for those that it lets through.
_STRANGE = (requests.RequestException, ValueError, LookupError, TypeError, AttributeError, RecursionError)

Token = dict[str, Any]
T = TypeVar("T")


class LoginExpired(PlaylistError):
    """Report that Spotify no longer takes the login: the person has to log in again."""


class LoginRefused(PlaylistError):
    """Report that a login did not succeed."""


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """Hold a login under way: where to send the person, and what has to come back and be known then."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class OwnPlaylist:
    """Name a playlist that the person may read."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Hold up to OWN_AT_ONCE of the playlists that the person may read, from `offset` on.

    `more` says whether others follow.
    """

    lists: tuple[OwnPlaylist, ...]
    offset: int
    more: bool


class _Answer(BaseModel):
    """Check an answer of Spotify's by what is used of it; an error of that quotes nothing."""

    model_config = ConfigDict(hide_input_in_errors=True)


class _Token(_Answer):
    """Require of a token that it can be used and renewed."""

    access_token: str = Field(min_length=1)
    refresh_token: str = Field(min_length=1)
    expires_at: int


class _Page(_Answer):
    """Require of a page that its entries are a list."""

    items: list[Any]
    next: str | None = None


class _Named(_Answer):
    name: str | None = None


class _Identified(_Answer):
    id: str | None = None


class _Own(_Answer):
    id: str
    name: str | None = None
    collaborative: bool | None = None
    owner: _Identified | None = None


class _OwnPage(_Answer):
    items: list[_Own | None]
    next: str | None = None


def is_token(value: object) -> bool:
    """Tell whether a value is a token that can be used and renewed."""
    try:
        _Token.model_validate(value)
    except ValidationError:
        return False
    return True


class SpotifyApp:
    """Represent an app registered at Spotify, without a secret (PKCE).

    Its addresses are settings for tests and mirrors.
    """

    def __init__(
        self,
        client_id: str,
        redirect_uri: str,
        api_url: str = API_URL,
        accounts_url: str = ACCOUNTS_URL,
    ) -> None:
        self._client_id, self.redirect_uri = client_id, redirect_uri
        self._hosts = {API_URL: api_url, ACCOUNTS_URL: accounts_url}

    def start(self) -> PendingLogin:
        """Begin a login; asks nobody."""
        state = secrets.token_urlsafe(24)
        with restricted_session(self._hosts, 0) as own:
            auth = self._auth(own, _TokenCache())
            url: str = auth.get_authorize_url(state)
        return PendingLogin(url, state, auth.code_verifier)

    def finish(self, code: str, verifier: str) -> Token:
        """Return the token for the code that came back. Raises LoginRefused or ServiceFailed."""
        memory = _TokenCache()
        with restricted_session(self._hosts, _DEADLINE_S) as own:
            auth = self._auth(own, memory)
            auth.code_verifier, auth.code_challenge = verifier, "was sent when the login began"
            try:
                auth.get_access_token(code, check_cache=False)
            except SpotifyOauthError:
                raise LoginRefused(_because(Code.LOGIN_NOT_ACCEPTED)) from None
            except _STRANGE:
                raise ServiceFailed(_because(Code.UNREACHABLE)) from None
        return memory.token or {}

    def playlist(self, identifier: str, token: Token, keep: Callable[[Token], None]) -> ImportedPlaylist:
        """Read one of the person's playlists, or LIKED. `keep` gets the token when Spotify renewed it.

        Raises LoginExpired, PlaylistUnavailable, ServiceBusy or ServiceFailed.
        """
        return self._call(token, keep, lambda spotify: _playlist(spotify, identifier))

    def own_playlists(self, offset: int, token: Token, keep: Callable[[Token], None]) -> OwnPage:
        """Return a page of what the person may read, not of what they only follow; raises as playlist does."""
        return self._call(token, keep, lambda spotify: _own(spotify, offset))

    def _call(self, token: Token, keep: Callable[[Token], None], ask: Callable[[Spotify], T]) -> T:
        with restricted_session(self._hosts, _DEADLINE_S) as own:
            auth = self._auth(own, _TokenCache(token, keep))
            spotify = Spotify(auth_manager=auth, requests_session=own, retries=0, status_retries=0)
            try:
                return ask(spotify)
            except SpotifyException as error:
                raise _error_of(error) from None
            except SpotifyOauthError as error:
                raise _login_error(error) from None
            except _STRANGE:
                raise ServiceFailed(_because(Code.UNREACHABLE_OR_STRANGE)) from None

    def _auth(self, own: requests.Session, memory: "_TokenCache") -> "_Pkce":
        return _Pkce(
            client_id=self._client_id,
            redirect_uri=self.redirect_uri,
            scope=SCOPES,
            requests_session=own,
            open_browser=False,
            cache_handler=memory,
        )


class _Pkce(SpotifyPKCE):  # type: ignore[misc]  # spotipy has no types
    """Log in as spotipy does, but never ask anybody at the keyboard."""

    def get_authorization_code(self, response: str | None = None) -> str:  # noqa: ARG002
        """Refuse what spotipy does when a token lacks a scope: wait for somebody at the keyboard."""
        raise SpotifyOauthError("the login has to be begun again", error="invalid_grant")


class _TokenCache(CacheHandler):  # type: ignore[misc]  # spotipy has no types
    """Hold the token of one person for the length of one call."""

    def __init__(self, token: Token | None = None, keep: Callable[[Token], None] = lambda _: None) -> None:
        self.token, self._keep = token, keep

    def get_cached_token(self) -> Token | None:
        return self.token

    def save_token_to_cache(self, token_info: Token) -> None:
        """Keep a token; raises ValueError for one that is none, so that it does not take the place of a good one."""
        _Token.model_validate(token_info)
        self.token = token_info
        self._keep(token_info)


def _playlist(spotify: Spotify, identifier: str) -> ImportedPlaylist:
    if identifier == LIKED:
        return _read_pages("Liked songs", spotify.current_user_saved_tracks)
    about = _Named.model_validate(spotify.playlist(identifier, fields="name"))

    def page(limit: int, offset: int) -> Any:
        return spotify.playlist_items(identifier, limit=limit, offset=offset)

    return _read_pages(about.name or "Spotify playlist", page)


def _read_pages(name: str, page: Callable[..., Any]) -> ImportedPlaylist:
    entries: list[Any] = []
    problems: list[Problem] = []
    for offset in range(0, MAX_TRACKS, _PAGE):
        answer = _Page.model_validate(page(limit=_PAGE, offset=offset))
        entries += answer.items
        if not answer.next:
            break
    else:
        problems.append(Problem(Code.ONLY_THE_FIRST, limit=MAX_TRACKS, service=_NAME))
    return ImportedPlaylist.of(name, "spotify", enumerate(map(read_online, entries), 1), problems)


def _own(spotify: Spotify, offset: int) -> OwnPage:
    me = _Identified.model_validate(spotify.current_user()).id
    page = _OwnPage.model_validate(spotify.current_user_playlists(limit=OWN_AT_ONCE, offset=offset))
    lists = (
        OwnPlaylist(found.id, found.name or "")
        for found in page.items
        if found and (found.collaborative or (found.owner is not None and found.owner.id == me))
    )
    return OwnPage(tuple(lists), offset, bool(page.next))


# "User not registered in the Developer Dashboard", "the user may not be registered"
_UNREGISTERED = re.compile(r"not (?:be )?registered", re.IGNORECASE)


def _error_of(error: SpotifyException) -> PlaylistError:
    """Return the error that an answer of Spotify's means."""
    if error.http_status == 429:
        today = error.reason == "QUOTA_EXCEEDED"
        return ServiceBusy(_because(Code.QUOTA_USED_UP_TODAY if today else Code.QUOTA_USED_UP))
    if error.http_status == 401:
        return LoginExpired(_because(Code.LOGIN_EXPIRED))
    if error.http_status in (400, 404):
        return PlaylistUnavailable(_because(Code.NO_SUCH_PLAYLIST))
    if error.http_status == 403:
        has_no_place = _UNREGISTERED.search(error.msg or "")
        return PlaylistUnavailable(
            _because(Code.NOT_A_USER_OF_THE_APP if has_no_place else Code.NOT_YOUR_PLAYLIST)
        )
    return ServiceFailed(_because(Code.NO_ANSWER))


def _login_error(error: SpotifyOauthError) -> PlaylistError:
    if error.error == "invalid_grant":
        return LoginExpired(_because(Code.LOGIN_EXPIRED))
    return ServiceFailed(_because(Code.LOGIN_NOT_RENEWED))


def _because(code: Code) -> Problem:
    return Problem(code, service=_NAME)


def code_and_state(address: str) -> tuple[str, str] | None:
    """Find code and state in the address to which Spotify sent the person back; None in any other text."""
    try:
        query = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        return None
    code, state = query.get("code", [""])[0], query.get("state", [""])[0]
    return (code, state) if code and state else None
