"""What is kept of a login at Spotify, and when it counts as one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.accounts.playlist_services import NoLogin, SpotifyLogins
from bot.accounts.token_cipher import TokenCipher
from music.sources.services.spotify import SpotifyApp
from storage import Database, logins, people

ANA = 7
TOKEN = {"access_token": "a", "refresh_token": "r", "expires_at": 1}


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as opened:
        async with opened.write() as s:
            await people.get_or_create(s, ANA, ANA, "en")
        yield opened


def spotify(db: Database, key: str) -> SpotifyLogins:
    nowhere = "http://127.0.0.1:1"
    return SpotifyLogins(
        SpotifyApp("client", f"{nowhere}/callback", nowhere, nowhere), TokenCipher([key]), db
    )


async def keep(db: Database, key: str, token: Any) -> None:
    async with db.write() as s:
        await logins.begin(s, ANA, "spotify", "state", "verifier")
        await logins.save_token(s, ANA, "spotify", TokenCipher([key]).encrypt(token))


async def test_a_login_whose_key_is_lost_is_begun_again(db: Database) -> None:
    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    await keep(db, lost, TOKEN)
    assert await spotify(db, lost).linked(ANA)
    assert not await spotify(db, new).linked(ANA)
    with pytest.raises(NoLogin):
        await spotify(db, new).own_playlists(ANA, 0)


@pytest.mark.parametrize("token", [{}, {"access_token": None}, [], "token"])
async def test_what_was_kept_without_a_token_is_no_login(db: Database, token: Any) -> None:
    key = Fernet.generate_key().decode()
    await keep(db, key, token)
    assert not await spotify(db, key).linked(ANA)
    with pytest.raises(NoLogin):
        await spotify(db, key).own_playlists(ANA, 0)
