"""Read playlists behind links, whatever the service: public ones at once, Spotify's with the person's login."""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.accounts.token_cipher import TokenCipher
from music.errors import Code, Problem
from music.sources import ImportedPlaylist
from music.sources.links import PlaylistLink, Service
from music.sources.services.deezer import DeezerSource
from music.sources.services.spotify import (
    LoginExpired,
    LoginRefused,
    OwnPage,
    SpotifyApp,
    Token,
    code_and_state,
    is_token,
)
from storage import Database, logins

_SPOTIFY = Service.SPOTIFY.value
_LOGIN_AGE = timedelta(hours=1)

T = TypeVar("T")


class PublicSource(Protocol):
    """Describe a service that shows playlists to everybody."""

    async def playlist(self, link: str) -> ImportedPlaylist:
        """Read the playlist that a link means; raises PlaylistError."""
        ...


class NoLogin(Exception):
    """Say that the person has not logged in at the service."""


class PlaylistServices:
    """Read playlists behind links."""

    def __init__(
        self,
        public: Mapping[Service, PublicSource],
        spotify: "SpotifyLogins | None",
        previews: DeezerSource | None,
    ) -> None:
        """Take the clients; `previews` gives sounds of tracks, where whoever runs the bot wants that."""
        self._public = public
        self.spotify = spotify
        self.previews = previews

    @property
    def services(self) -> frozenset[Service]:
        """Return the services whose links can be read."""
        return frozenset([*self._public, *([Service.SPOTIFY] if self.spotify else [])])

    async def read(self, person_id: int, link: PlaylistLink) -> ImportedPlaylist:
        """Read a playlist of one of `services`; raises PlaylistError, and NoLogin where a login is needed."""
        if link.service is Service.SPOTIFY:
            assert self.spotify is not None
            return await self.spotify.playlist(person_id, link.id)
        return await self._public[link.service].playlist(link.address)


class SpotifyLogins:
    """Begin, finish, use and end people's logins at Spotify; tokens leave this class only towards Spotify."""

    def __init__(self, app: SpotifyApp, cipher: TokenCipher, db: Database) -> None:
        self._app, self._cipher, self._db = app, cipher, db

    async def begin(self, person_id: int) -> str:
        """Begin a login and return the address where the person logs in."""
        started = self._app.start()
        async with self._db.write() as s:
            await logins.begin(s, person_id, _SPOTIFY, started.state, self._cipher.encrypt(started.verifier))
        return started.url

    def is_return(self, address: str) -> bool:
        """Tell whether Spotify sends people back to this address; browsers like to leave out how one begins."""
        return _bare(address).startswith(f"{_bare(self._app.redirect_uri)}?")

    async def finish(self, person_id: int, address: str) -> None:
        """End a login with the address to which Spotify sent the person back. Raises LoginRefused or ServiceFailed.

        The address works once, for whoever began the login, within an hour, across a restart.
        """
        code, state = code_and_state(address) or ("", "")
        if not code:
            raise LoginRefused(Problem(Code.LOGIN_DECLINED, service=Service.SPOTIFY.label))
        async with self._db.write() as s:
            sealed = await logins.take_verifier(s, person_id, _SPOTIFY, state, _LOGIN_AGE)
        verifier = self._cipher.decrypt(sealed) if sealed else None
        if not isinstance(verifier, str):
            raise LoginRefused(Problem(Code.LOGIN_UNKNOWN))
        token = await asyncio.to_thread(self._app.finish, code, verifier)
        await self._keep(person_id, [token])

    async def linked(self, person_id: int) -> bool:
        """Tell whether the person has a login that can be used; one whose key is lost (TOKEN_KEYS) is none."""
        return await self._opened(person_id) is not None

    async def playlist(self, person_id: int, identifier: str) -> ImportedPlaylist:
        """Read one of the person's playlists; raises PlaylistError, or NoLogin."""
        return (await self._used(person_id, partial(self._app.playlist, identifier))).nonempty()

    async def own_playlists(self, person_id: int, offset: int) -> OwnPage:
        """Return a page of the person's playlists from `offset` on; raises PlaylistError, or NoLogin."""
        return await self._used(person_id, partial(self._app.own_playlists, offset))

    async def _used(self, person_id: int, ask: Callable[[Token, Callable[[Token], None]], T]) -> T:
        """Ask with the person's token, keep the one that Spotify may give instead, forget one that it refuses."""
        token, renewed = await self._token(person_id), list[Token]()
        try:
            return await asyncio.to_thread(ask, token, renewed.append)
        except LoginExpired:
            renewed.clear()
            async with self._db.write() as s:
                await logins.remove(s, person_id, _SPOTIFY)
            raise
        finally:
            await self._keep(person_id, renewed)

    async def rotate_key(self) -> int:
        """Encrypt every login with the first key, so that the others can go; returns their number."""
        async with self._db.write() as s:
            return await logins.reencrypt(s, self._cipher.rotate)

    async def _token(self, person_id: int) -> Token:
        token = await self._opened(person_id)
        if token is None:
            raise NoLogin
        return token

    async def _opened(self, person_id: int) -> Token | None:
        async with self._db.read() as s:
            sealed = await logins.token(s, person_id, _SPOTIFY)
        token = self._cipher.decrypt(sealed) if sealed else None
        return token if is_token(token) else None

    async def _keep(self, person_id: int, renewed: list[Token]) -> None:
        """Keep the token that Spotify gave in place of the used one, which is dead then."""
        if renewed:
            async with self._db.write() as s:
                await logins.save_token(s, person_id, _SPOTIFY, self._cipher.encrypt(renewed[-1]))


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE)
