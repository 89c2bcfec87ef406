"""Name the parts that handlers, use cases and jobs share."""

from dataclasses import dataclass, field

from telegram import Bot

from bot.accounts.playlist_services import PlaylistServices
from bot.delivery.sender import Sender
from bot.settings import Settings
from bot.tasks.announcement import Announcement
from bot.tasks.cancellation import CancellationRegistry
from inference import FusionRules
from inference.pool import Pool
from music.lookups import Lookup
from storage import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Hold everything that handlers, use cases and jobs may use; bot.app makes and closes it.

    `pool` has the models, and `parser` has none: it reads playlists in little memory, and no photo waits for that.
    """

    settings: Settings
    db: Database
    pool: Pool
    parser: Pool
    bot: Bot
    sender: Sender
    rules: FusionRules
    playlist_services: PlaylistServices
    cancellations: CancellationRegistry = field(default_factory=CancellationRegistry)
    lookups: tuple[Lookup, ...] = ()
    new_tracks: Announcement = field(default_factory=Announcement)
