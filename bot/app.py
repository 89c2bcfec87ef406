"""The composition root: opens everything in order, polls, and closes everything in reverse."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext

from bot.accounts.playlist_services import Links, PublicSource, SpotifyLogins
from bot.accounts.token_cipher import Vault
from bot.delivery.sender import Sender
from bot.handlers import routes
from bot.jobs.audio_analysis import kept_listening
from bot.jobs.health import watched
from bot.jobs.mood_lookup import kept_looking_up
from bot.jobs.playlist_refresh import kept_fresh
from bot.jobs.retention import kept_tidy
from bot.logs import hashed
from bot.services import Services
from bot.settings import Settings
from bot.ui.words import LANGUAGES
from bot.updates.inbox import Inbox
from bot.updates.per_chat_order import Lanes
from bot.usecases import recommend
from domain.readings import Modality
from inference import FusionRules, worker
from inference.bundles import WEIGHTS
from inference.checkpoints import locate_all
from inference.pool import Pool
from music.lookups import RECCOBEATS, Lookup, Provider, lastfm, listenbrainz, musicbrainz
from music.sources.links import Service
from music.sources.services.deezer import DeezerSource
from music.sources.services.listenbrainz import ListenBrainzSource
from music.sources.services.spotify import SpotifyApp
from music.sources.services.youtube import YouTubeSource
from storage import Database

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY]
_START_TRIES = 3


class CannotStart(Exception):
    """The bot cannot start or go on; the message is one sentence for whoever started it."""


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; prints `ready` once it polls. Raises CannotStart."""
    stop = Stop()
    async with _services(settings) as (application, services, queue), _connected(application):
        # Before any new update, so that the order within a chat is kept.
        restored = await queue.restore(application.bot)
        async with (
            services.sender.running(),
            watched(services),
            kept_fresh(services),
            kept_listening(services),
            kept_looking_up(services),
            _polling(application, stop),
        ):
            log.info("event=started restored_updates=%d", restored)
            await recommend.fulfil_all(services)
            print("ready", flush=True)  # noqa: T201  (the launcher and tests wait for this line)
            await stop.wait()
            log.info("event=stopping")


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[tuple[App, Services, Inbox]]:
    weights = settings.weights or WEIGHTS
    # Found here and not in the workers, which have less time to start than a download may take.
    named: dict[Modality, str] = {"face": settings.face_model, "voice": settings.voice_model}
    checkpoints = await asyncio.to_thread(locate_all, named)
    async with contextlib.AsyncExitStack() as stack:
        db = await stack.enter_async_context(_database(settings))
        pool = await stack.enter_async_context(_pool(settings, weights, checkpoints))
        client = await stack.enter_async_context(httpx.AsyncClient(follow_redirects=False))
        queue = Inbox(db)
        application = _application(settings, queue)
        services = Services(
            settings,
            db,
            pool,
            application.bot,
            Sender(application.bot, db, pool),
            FusionRules.load(weights / "fusion.json").without_classes(checkpoints),
            _links(settings, client, db),
            lookups=lookups_of(settings, client),
        )
        if services.links.spotify:
            log.info("event=logins_resealed count=%d", await services.links.spotify.reseal())
        routes.register(application, services)
        application.add_error_handler(_log_error)
        yield application, services, queue


def _pool(settings: Settings, weights: Path, checkpoints: Mapping[Modality, Path]) -> Pool:
    prepare = partial(
        worker.load,
        weights=weights,
        detector=settings.face_detector,
        checkpoints=checkpoints,
        int8=settings.int8,
    )
    threads, limit = settings.threads or None, settings.queue_limit
    return Pool(settings.workers, threads, limit, settings.deadline_seconds, prepare)


def _links(settings: Settings, client: httpx.AsyncClient, db: Database) -> Links:
    deezer = DeezerSource(settings.deezer_api_url, client, preview_urls=settings.deezer_preview_urls)
    previews = deezer if settings.deezer_preview_urls else None
    public: dict[Service, PublicSource] = {
        Service.DEEZER: deezer,
        Service.YOUTUBE: YouTubeSource(settings.youtube_url),
        Service.LISTENBRAINZ: ListenBrainzSource(settings.listenbrainz_api_url, client),
    }
    if not settings.spotify_client_id:
        return Links(public, None, previews)
    app = SpotifyApp(
        settings.spotify_client_id,
        settings.spotify_redirect_url,
        settings.spotify_api_url,
        settings.spotify_accounts_url,
    )
    log.warning("event=spotify_on note='an app in development mode serves five people, whom its owner lists'")
    vault = Vault([key.get_secret_value() for key in settings.token_keys])
    return Links(public, SpotifyLogins(app, vault, db), previews)


def lookups_of(settings: Settings, client: httpx.AsyncClient) -> tuple[Lookup, ...]:
    """The services for moods of tracks that are turned on."""
    token, key = settings.listenbrainz_token.get_secret_value(), settings.lastfm_api_key.get_secret_value()
    available: tuple[tuple[Provider, str], ...] = (
        (RECCOBEATS, settings.reccobeats_api_url),
        (musicbrainz(settings.operator), settings.musicbrainz_api_url),
        (listenbrainz(token), settings.listenbrainz_api_url if token else ""),
        (lastfm(key), settings.lastfm_api_url if key else ""),
    )
    return tuple(Lookup(provider, url, client) for provider, url in available if url)


def _application(settings: Settings, queue: Inbox) -> App:
    return (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .update_queue(queue)
        .concurrent_updates(Lanes())
        .job_queue(None)
        .build()
    )


@asynccontextmanager
async def _connected(application: App) -> AsyncIterator[None]:
    """The bot may send inside; Telegram knows its commands. Raises CannotStart."""
    with _reasons():
        await application.initialize()
    try:
        with _reasons():
            await _introduce(application)
        yield
    finally:
        await application.shutdown()


@asynccontextmanager
async def _polling(application: App, stop: "Stop") -> AsyncIterator[None]:
    """Updates arrive and are handled inside. At the end, those under way are finished."""

    def on_error(error: TelegramError) -> None:
        log.warning("event=polling_failed error=%s", type(error).__name__)
        if isinstance(error, Conflict):
            stop.because("Another bot polls with this TELEGRAM_BOT_TOKEN, so this one stopped.")

    updater = application.updater
    assert updater is not None
    await application.start()
    try:
        with _reasons():
            await updater.start_polling(
                allowed_updates=ALLOWED,
                drop_pending_updates=False,
                bootstrap_retries=_START_TRIES,
                error_callback=on_error,
            )
        yield
    finally:
        if updater.running:
            await updater.stop()
        await application.stop()


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Say why Telegram cannot be talked to."""
    try:
        yield
    except InvalidToken as error:
        raise CannotStart("TELEGRAM_BOT_TOKEN is not accepted: check it with @BotFather.") from error
    except TelegramError as error:
        kind = type(error).__name__
        raise CannotStart(f"TELEGRAM_API_URL does not answer as Telegram does ({kind}).") from error


async def _introduce(application: App) -> None:
    """Commands and descriptions, in every language there are words for."""
    bot = application.bot
    for code, words in LANGUAGES.items():
        language = None if code == "en" else code  # English is what everybody else sees
        commands = [BotCommand(c.name, c.what) for c in words.commands]
        await bot.set_my_commands(commands, language_code=language)
        await bot.set_my_description(words.description, language_code=language)
        await bot.set_my_short_description(words.short_description, language_code=language)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """Open, up to date, and without what is too old to be kept. Raises CannotStart."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            db = await stack.enter_async_context(Database(settings.database_url))
            await stack.enter_async_context(kept_tidy(db, settings.retention_days))
        except (SQLAlchemyError, CommandError, ImportError, OSError) as error:
            raise CannotStart(f"DATABASE_URL cannot be opened ({type(error).__name__}).") from error
        yield db


async def _log_error(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """What escaped a handler: its kind and the chat's stand-in, never its contents."""
    chat = update.effective_chat if isinstance(update, Update) else None
    log.error(
        "event=unhandled chat=%s error=%s", hashed(chat.id if chat else None), type(context.error).__name__
    )


class Stop:
    """Waits for SIGINT or SIGTERM, or for a reason to give up."""

    def __init__(self) -> None:
        self._event, self._reason = asyncio.Event(), ""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers for loops
                loop.add_signal_handler(number, self._event.set)

    def because(self, reason: str) -> None:
        """Give up."""
        self._reason = reason
        self._event.set()

    async def wait(self) -> None:
        """Raises CannotStart when it ended for a reason."""
        await self._event.wait()
        if self._reason:
            raise CannotStart(self._reason)
