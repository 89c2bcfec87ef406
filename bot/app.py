"""Compose the bot: open everything in order, poll, and close everything in reverse."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError
from telegram.ext import ApplicationBuilder

from bot.accounts.playlist_services import PlaylistServices, PublicSource, SpotifyLogins
from bot.accounts.token_cipher import TokenCipher
from bot.delivery.sender import Sender
from bot.delivery.telegram_request import TelegramRequest
from bot.handlers import routes
from bot.jobs.audio_analysis import run_audio_analysis
from bot.jobs.health import run_health
from bot.jobs.mood_lookup import run_mood_lookup
from bot.jobs.playlist_refresh import run_refresh
from bot.jobs.retention import Retention, run_retention
from bot.logs import get_logger
from bot.services import Services
from bot.settings import Settings
from bot.tasks.stop import CannotStart, Stop
from bot.updates.inbox import Inbox, StoringBot
from bot.updates.late_answers import LateAnswers
from bot.updates.per_chat_order import PerChatProcessor
from bot.updates.polling import App, connected, log_error, polling
from bot.updates.telegram_time import trusted_now
from bot.usecases import recommend
from domain.readings import Modality
from inference import FusionRules, threads, worker
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
from storage.instance import AlreadyOpen, only_instance

log = get_logger(__name__)

_CONNECTIONS = 256  # to Telegram at once, as many as python-telegram-bot opens by itself
# Bytes: the largest file that Telegram lets a bot fetch, with as many rows as are read, takes 550 MiB.
_PARSER_GROWTH, _PARSER_MEMORY = 128 * 2**20, 640 * 2**20


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; prints `ready` once it polls. Raises CannotStart."""
    stop = Stop()
    async with _services(settings) as (application, services, queue, late), connected(application):
        # Before any new update, so that the order within a chat is kept.
        restored = await queue.restore(application.bot)
        async with (
            services.sender.running(),
            run_health(services),
            run_refresh(services),
            run_audio_analysis(services),
            run_mood_lookup(services),
            polling(application, stop),
            queue.taking_up(application.bot),
            late.watching(application.bot),
        ):
            log.info("started", restored_updates=restored)
            await recommend.fulfil_all(services)
            print("ready", flush=True)  # noqa: T201  (the launcher and tests wait for this line)
            await stop.wait()
            log.info("stopping")


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[tuple[App, Services, Inbox, LateAnswers]]:
    weights = settings.weights or WEIGHTS
    # Found here and not in the workers, which have less time to start than a download may take.
    named: dict[Modality, str] = {"face": settings.face_model, "voice": settings.voice_model}
    checkpoints = await asyncio.to_thread(locate_all, named)
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(follow_redirects=False))
        db = await stack.enter_async_context(_database(settings, client))
        pool = await stack.enter_async_context(_pool(settings, weights, checkpoints))
        parser = await stack.enter_async_context(_parser(settings))
        queue = Inbox(db, lambda: services.sender.wake())
        late = LateAnswers(db)
        application = _application(settings, queue, late)
        services = Services(
            settings,
            db,
            pool,
            parser,
            application.bot,
            Sender(application.bot, db, pool),
            FusionRules.load(weights / "fusion.json").for_unmeasured(checkpoints),
            _playlist_services(settings, client, db),
            lookups=lookups_of(settings, client),
        )
        if services.playlist_services.spotify:
            log.info("logins_resealed", count=await services.playlist_services.spotify.rotate_key())
        routes.register(application, services)
        application.add_error_handler(log_error)
        yield application, services, queue, late


def _pool(settings: Settings, weights: Path, checkpoints: Mapping[Modality, Path]) -> Pool:
    prepare = partial(
        worker.load,
        weights=weights,
        detector=settings.face_detector,
        checkpoints=checkpoints,
        int8=settings.int8,
    )
    limit = settings.queue_limit
    growth = settings.worker_growth_mib * 2**20
    return Pool(
        settings.workers, settings.threads or None, limit, settings.deadline_seconds, prepare, growth=growth
    )


def _parser(settings: Settings) -> Pool:
    limit, deadline = settings.queue_limit, settings.deadline_seconds
    return Pool(1, 1, limit, deadline, threads.limit, lazy=True, growth=_PARSER_GROWTH, memory=_PARSER_MEMORY)


def _playlist_services(settings: Settings, client: httpx.AsyncClient, db: Database) -> PlaylistServices:
    deezer = DeezerSource(settings.deezer_api_url, client, preview_urls=settings.deezer_preview_urls)
    previews = deezer if settings.deezer_preview_urls else None
    public: dict[Service, PublicSource] = {
        Service.DEEZER: deezer,
        Service.YOUTUBE: YouTubeSource(settings.youtube_url),
        Service.LISTENBRAINZ: ListenBrainzSource(settings.listenbrainz_api_url, client),
    }
    if not settings.spotify_client_id:
        return PlaylistServices(public, None, previews)
    app = SpotifyApp(
        settings.spotify_client_id,
        settings.spotify_redirect_url,
        settings.spotify_api_url,
        settings.spotify_accounts_url,
    )
    log.warning("spotify_on", note="an app in development mode serves five people, whom its owner lists")
    cipher = TokenCipher([key.get_secret_value() for key in settings.token_keys])
    return PlaylistServices(public, SpotifyLogins(app, cipher, db), previews)


def lookups_of(settings: Settings, client: httpx.AsyncClient) -> tuple[Lookup, ...]:
    """Return the services for moods of tracks that are turned on."""
    token, key = settings.listenbrainz_token.get_secret_value(), settings.lastfm_api_key.get_secret_value()
    available: tuple[tuple[Provider, str], ...] = (
        (RECCOBEATS, settings.reccobeats_api_url),
        (musicbrainz(settings.operator), settings.musicbrainz_api_url),
        (listenbrainz(token), settings.listenbrainz_api_url if token else ""),
        (lastfm(key), settings.lastfm_api_url if key else ""),
    )
    return tuple(Lookup(provider, url, client) for provider, url in available if url)


def _application(settings: Settings, queue: Inbox, late: LateAnswers) -> App:
    bot = StoringBot(
        queue.store,
        token=settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=TelegramRequest(_CONNECTIONS),
        get_updates_request=TelegramRequest(),
    )
    lanes = PerChatProcessor(queue.release, late.begun)
    builder = ApplicationBuilder().bot(bot).update_queue(queue).concurrent_updates(lanes)
    return builder.job_queue(None).build()


@asynccontextmanager
async def _database(settings: Settings, client: httpx.AsyncClient) -> AsyncIterator[Database]:
    """Open the database, migrate it, and remove what is too old to be kept; raises CannotStart."""
    clock = partial(trusted_now, client, settings.telegram_api_url)
    rule = Retention(settings.retention_days, settings.retention_share)
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(only_instance(settings.database_url))
            db = await stack.enter_async_context(Database(settings.database_url))
            await stack.enter_async_context(run_retention(db, rule, clock))
        except AlreadyOpen as error:
            raise CannotStart("Another Attune runs with this DATABASE_URL: stop it first.") from error
        except (SQLAlchemyError, CommandError, ImportError, OSError) as error:
            raise CannotStart(f"DATABASE_URL cannot be opened ({type(error).__name__}).") from error
        yield db
