"""Settings from the environment (and a file `.env`), read once."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    DirectoryPath,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.accounts.token_cipher import Vault
from inference.face.finders import Detector


class BadSettings(Exception):
    """A setting makes no sense; the message is one sentence that names it."""


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("must be an http or https address")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
    if value.removeprefix("sqlite+aiosqlite:///") in ("", ":memory:"):
        raise ValueError("must name a file")
    return value


def _token(value: SecretStr) -> SecretStr:
    number, colon, secret = value.get_secret_value().partition(":")
    if not (number.isdigit() and colon and len(secret) >= 10):
        raise ValueError("must look like 123456:ABC..., as BotFather gives it")
    return value


def _list(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _keys(value: object) -> object:
    keys = value.replace(",", " ").split() if isinstance(value, str) else value
    try:
        if keys:
            Vault(keys)  # type: ignore[arg-type]  # anything else fails in it
    except (ValueError, TypeError):
        raise ValueError("must be keys as `python -m bot.vault` prints them, the newest first") from None
    return keys


def _with_keys(value: str, info: ValidationInfo) -> str:
    if value and not info.data.get("token_keys"):
        raise ValueError("needs TOKEN_KEYS, under which logins are kept: `python -m bot.vault` prints a key")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
OptionalUrl = Annotated[str, AfterValidator(lambda value: value and _http_url(value))]


class Settings(BaseSettings):
    """Every setting is an environment variable of the same name in capitals; the README lists them all."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)]
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite+aiosqlite:///var/attune.db"
    deezer_api_url: HttpUrl = "https://api.deezer.com"
    deezer_preview_urls: Annotated[
        tuple[HttpUrl, ...], NoDecode, BeforeValidator(_list)
    ] = ()  # none: not heard
    youtube_url: HttpUrl = "https://music.youtube.com"
    listenbrainz_api_url: HttpUrl = "https://api.listenbrainz.org"
    reccobeats_api_url: OptionalUrl = ""  # empty: not asked, like the next three
    musicbrainz_api_url: OptionalUrl = ""
    listenbrainz_token: SecretStr = SecretStr("")
    lastfm_api_key: SecretStr = SecretStr("")
    lastfm_api_url: HttpUrl = "https://ws.audioscrobbler.com"
    token_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys)] = ()  # the first one seals
    spotify_client_id: Annotated[str, AfterValidator(_with_keys)] = ""  # empty: its links are not read
    spotify_redirect_url: HttpUrl = "http://127.0.0.1:8888/callback"  # as registered with the app
    spotify_api_url: HttpUrl = "https://api.spotify.com"
    spotify_accounts_url: HttpUrl = "https://accounts.spotify.com"
    allowed_users: Annotated[frozenset[int], NoDecode, BeforeValidator(_list)] = (
        frozenset()
    )  # empty: everybody
    admin_chat: int | None = None  # gets health, never content
    health_file: Path | None = None  # touched while the bot is well, for health checks of containers
    operator: str = Field("", max_length=200)  # who runs this bot and how to reach them
    retention_days: int = Field(365, ge=1, le=3650)
    checkin_minutes: float = Field(30, gt=0, le=24 * 60)
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(0, ge=0, le=64)  # of each worker; 0: the cores shared out
    queue_limit: int = Field(16, ge=1, le=1000)
    deadline_seconds: float = Field(20, gt=0, le=600)
    weights: DirectoryPath | None = (
        None  # a folder with face/, voice/ and fusion.json instead of the bundled ones
    )
    face_model: str = ""  # folder or Hub id of a checkpoint; empty: the bundled model
    voice_model: str = ""  # the same for voices
    int8: bool = False  # whether these may compute in eight bits, where that is faster and as good
    face_detector: Detector = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def load_settings() -> Settings:
    """Read and check them; raises BadSettings."""
    try:
        return Settings()  # type: ignore[call-arg]  # the token comes from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        if first["type"] == "missing":
            raise BadSettings(f"{name} is not set: ask @BotFather for a token, or use `make run`.") from None
        raise BadSettings(f"{name} makes no sense: {first['msg'].removeprefix('Value error, ')}.") from None
