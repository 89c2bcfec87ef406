"""Read the settings from the environment and a file `.env`, once."""

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

from bot.accounts.token_cipher import TokenCipher
from inference.face.finders import Detector


class BadSettings(Exception):
    """Say in one sentence which setting makes no sense, and why."""


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
            TokenCipher(keys)  # type: ignore[arg-type]  # anything else fails in it
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
    """Hold every setting: an environment variable of the same name in capitals.

    The docstring under a setting is what docs/settings.md says of it; `python -m tools.settings_page` writes that page.
    """

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)]
    """The bot's token, from [@BotFather](https://t.me/BotFather). Without it `make run` starts the playground, and
    `python -m bot` refuses to start."""
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    """The Bot API server."""
    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite+aiosqlite:///var/attune.db"
    """Where everything is kept. In the playground it is `var/playground.db`."""
    deezer_api_url: HttpUrl = "https://api.deezer.com"
    """Where Deezer links are looked up."""
    deezer_preview_urls: Annotated[tuple[HttpUrl, ...], NoDecode, BeforeValidator(_list)] = ()
    """The beginnings of addresses, with commas between them, from which Deezer's previews may be fetched to hear the
    mood of tracks in Deezer lists. Without it none are fetched."""
    youtube_url: HttpUrl = "https://music.youtube.com"
    """Where YouTube links are looked up."""
    listenbrainz_api_url: HttpUrl = "https://api.listenbrainz.org"
    """Where ListenBrainz links are looked up."""
    reccobeats_api_url: OptionalUrl = ""
    """`https://api.reccobeats.com` looks up valence, energy and tempo of tracks there, by Spotify's id or ISRC. Without
    it ReccoBeats is not asked."""
    musicbrainz_api_url: OptionalUrl = ""
    """`https://musicbrainz.org` looks up tags of tracks there, by ISRC; MusicBrainz is told `OPERATOR` as whom to
    reach. Without it MusicBrainz is not asked."""
    listenbrainz_token: SecretStr = SecretStr("")
    """A token of yours: tags of tracks are looked up at ListenBrainz, by artist and title. Without it ListenBrainz is
    not asked for moods."""
    lastfm_api_key: SecretStr = SecretStr("")
    """A key of yours, for non-commercial use: what listeners call tracks is looked up at Last.fm, by artist and title.
    Without it Last.fm is not asked."""
    lastfm_api_url: HttpUrl = "https://ws.audioscrobbler.com"
    """Last.fm's API."""
    token_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys)] = ()
    """Keys that encrypt logins, the newest first, with commas between them; `python -m bot.vault` prints one. To change
    the key, put a new one in front and restart: everything is encrypted anew, and the old one can go."""
    spotify_client_id: Annotated[str, AfterValidator(_with_keys)] = ""
    """The client id of an app of yours at Spotify's developer site; it needs `TOKEN_KEYS`. Spotify lets such an app
    serve **five people**, whom you list there, and asks you for a Premium account. Without it Spotify's links are not
    read."""
    spotify_redirect_url: HttpUrl = "http://127.0.0.1:8888/callback"
    """The redirect address, exactly as registered with the app. Nothing has to answer there: people paste the address
    back into the chat, so a page of your own that says so is nicer."""
    spotify_api_url: HttpUrl = "https://api.spotify.com"
    """Spotify's Web API."""
    spotify_accounts_url: HttpUrl = "https://accounts.spotify.com"
    """Where Spotify's logins are exchanged for tokens."""
    allowed_users: Annotated[frozenset[int], NoDecode, BeforeValidator(_list)] = frozenset()
    """Telegram's ids of the people who may use the bot, with commas between them. Without it everybody may."""
    admin_chat: int | None = None
    """The id of a chat that is told of starts, stops, errors and, daily, of numbers; never of what people send."""
    health_file: Path | None = None
    """A file that is touched every ten seconds while all is well, for health checks of containers."""
    operator: str = Field("", max_length=200)
    """Who runs this bot and how to reach them; /privacy says it."""
    retention_days: int = Field(365, ge=1, le=3650)
    """After so many days readings are erased, and so are people who were not seen for so long."""
    retention_share: float = Field(0.2, gt=0, le=1)
    """The largest share of all people who may be erased at once for not having been seen. More of them are kept, and
    the log says so, since a clock that is wrong is likelier; `1` erases them."""
    checkin_minutes: float = Field(30, gt=0, le=24 * 60)
    """How many minutes a selfie waits for its voice note, and the other way round."""
    workers: int = Field(1, ge=1, le=64)
    """Worker processes that hold the models; each takes about 1.1 GB."""
    worker_growth_mib: int = Field(256, ge=64, le=65536)
    """By how many MiB a worker may grow. A new one then takes its place as soon as that is ready, and nobody waits for
    it; meanwhile there is one worker more. On Linux one call gets at most 1 GiB beyond this."""
    threads: int = Field(0, ge=0, le=64)
    """Threads of each worker; 0 shares the cores out."""
    queue_limit: int = Field(16, ge=1, le=1000)
    """How many readings may wait; beyond it people are told that the bot is busy."""
    deadline_seconds: float = Field(20, gt=0, le=600)
    """The longest time that one reading may take, in seconds."""
    weights: DirectoryPath | None = None
    """A folder with `face/`, `voice/`, `text/` and `fusion.json` instead of the bundled ones."""
    face_model: str = ""
    """Another face model instead of the bundled one: a folder or a Hugging Face Hub id, see
    [architecture.md](architecture.md#other-peoples-models)."""
    voice_model: str = ""
    """Another voice model, likewise."""
    int8: bool = False
    """`true` lets these two compute in eight bits where that is measured to be faster and as good."""
    face_detector: Detector = "auto"
    """What finds faces: `libfacedetection` (x86-64 Linux and Windows), `centerface` (everywhere), or `auto`, the first
    of the two that is installed."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is logged. Logs hold no texts, names, tokens or file numbers."""


def load_settings() -> Settings:
    """Read and check the settings; raises BadSettings."""
    try:
        return Settings()  # type: ignore[call-arg]  # the token comes from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        if first["type"] == "missing":
            raise BadSettings(f"{name} is not set: ask @BotFather for a token, or use `make run`.") from None
        raise BadSettings(f"{name} makes no sense: {first['msg'].removeprefix('Value error, ')}.") from None
