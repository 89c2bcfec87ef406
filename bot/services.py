"""Everything that handlers, use cases and jobs may use."""

from dataclasses import dataclass, field

from telegram import Bot

from bot.accounts.playlist_services import Links
from bot.delivery.sender import Sender
from bot.settings import Settings
from bot.tasks.background import News
from bot.tasks.cancellation import Stops
from inference import FusionRules
from inference.pool import Pool
from music.lookups import Lookup
from storage import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that handlers may use; made and closed by bot.app."""

    settings: Settings
    db: Database
    pool: Pool
    bot: Bot
    sender: Sender
    rules: FusionRules
    links: Links
    stops: Stops = field(default_factory=Stops)
    lookups: tuple[Lookup, ...] = ()
    new_tracks: News = field(default_factory=News)
