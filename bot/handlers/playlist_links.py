"""Playlists by link: looked up, looked up again, and behind a login at Spotify."""

from telegram import InlineKeyboardMarkup
from telegram.ext import filters

from bot.accounts.playlist_services import NoLogin, SpotifyLogins
from bot.delivery import messages
from bot.handlers import recommendations
from bot.jobs import playlist_refresh
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Refused, Turn
from bot.usecases import track_mapping
from bot.usecases.track_mapping import PreparedPlaylist
from music.sources import ImportedPlaylist, PlaylistError
from music.sources.links import PlaylistLink, Service, recognise
from music.sources.services.spotify import LIKED
from storage import logins, playlists, plays

_SPOTIFY = Service.SPOTIFY.value
# Telegram marks addresses as such, but not all that people paste from their address bar: the end of a login (which
# has a state) often leads to their own machine and may come without http://.
PASTED = filters.Entity("url") | filters.Regex(
    r"^\s*(?:(?:https?://|spotify:playlist:)\S+|\S+\?(?:\S*&)?state=\S+)\s*$"
)


async def pasted(turn: Turn) -> None:
    """An address in the chat: of a playlist, or where Spotify sent the person back to."""
    entities = turn.message.parse_entities(["url"])
    await link(turn, next(iter(entities.values()), (turn.message.text or "").strip()))


async def link(turn: Turn, address: str) -> None:
    """Read the playlist behind an address."""
    spotify = turn.services.links.spotify
    if spotify and spotify.is_return(address):
        await _returned(turn, spotify, address)
        return
    try:
        found = recognise(address)
    except PlaylistError as problem:
        raise Refused(messages.escaped(str(problem))) from problem
    if found.service in turn.services.links.services:
        await _look_up(turn, found)
    else:
        await turn.say(turn.words.other_service(found.service))


async def connect(turn: Turn) -> None:
    """/playlist spotify: log in, or choose among one's own lists."""
    spotify = turn.services.links.spotify
    if spotify is None:
        await turn.say(turn.words.other_service(Service.SPOTIFY))
    elif await spotify.linked(turn.person.id):
        await _own_lists(turn, spotify)
    else:
        await _ask_login(turn, spotify)


async def take(turn: Turn, press: Press) -> None:
    """One of the person's lists at Spotify was chosen."""
    await turn.toast()
    spotify, identifier = turn.services.links.spotify, next(iter(press.arguments), "")
    if spotify is None or not (identifier == LIKED or identifier.isalnum()):
        await turn.say(turn.words.playlist_gone)
    else:
        await _look_up(turn, PlaylistLink(Service.SPOTIFY, identifier))


async def turn_page(turn: Turn, press: Press) -> None:
    """Other ones of the person's lists at Spotify, in place of those that are shown."""
    await turn.toast()
    spotify = turn.services.links.spotify
    if spotify is None or turn.query.message is None:
        await turn.say(turn.words.playlist_gone)
        return
    keyboard = await _page(turn, spotify, press.number() or 0)
    async with turn.ending() as end:
        await end.say(messages.new_keyboard(turn.query.message.message_id, keyboard))


async def disconnect(turn: Turn) -> None:
    """/playlist disconnect: forget the login and all that came with it."""
    async with turn.ending() as end:
        linked = await logins.remove(end.session, turn.person.id, _SPOTIFY)
        lists = await playlists.remove_source(end.session, turn.person.id, _SPOTIFY)
        await plays.forget_source(end.session, turn.person.id, _SPOTIFY)
        said = turn.words.disconnected(lists) if linked or lists else turn.words.not_connected
        await end.say(messages.text(said))


async def refresh(turn: Turn) -> None:
    """/playlist refresh: look all lists with links up again."""
    async with turn.services.db.read() as s:
        owned = await playlists.list_for(s, turn.person.id)
    linked = [(p, at) for p in owned if (at := playlist_refresh.link_of(p, turn.services))]
    if not linked:
        await turn.say(turn.words.nothing_to_refresh)
        return
    await turn.acknowledge(turn.words.looking_up)
    lines = []
    for playlist, at in linked:
        try:
            update = await playlist_refresh.refresh(turn.services, playlist, at)
            lines.append(turn.words.refreshed(playlist.name, update.added, update.removed))
        except PlaylistError as problem:
            lines.append(turn.words.not_refreshed(playlist.name, str(problem)))
        except NoLogin:
            lines.append(turn.words.not_refreshed(playlist.name, turn.words.login_first))
    await turn.say("\n".join(lines))


async def _look_up(turn: Turn, found: PlaylistLink) -> None:
    await turn.acknowledge(turn.words.looking_up)
    try:
        imported = await turn.services.links.read(turn.person.id, found)
    except PlaylistError as problem:
        raise Refused(messages.escaped(str(problem))) from problem
    except NoLogin as problem:
        raise Refused(turn.words.login_first) from problem
    await keep(turn, imported, found.service.value, found.id)


async def keep(turn: Turn, imported: ImportedPlaylist, source: str, reference: str) -> None:
    """Store a list, or what changed in it when it is there already, and say which."""
    async with turn.services.db.read() as s:
        known = await playlists.known(s, turn.person.id, source, reference)
    if known is None:
        await store(turn, await turn.services.pool.run(track_mapping.prepare, imported), source, reference)
    else:
        update = await playlist_refresh.apply(turn.services, known, imported)
        await turn.say(turn.words.refreshed(imported.name, update.added, update.removed))


async def store(turn: Turn, found: PreparedPlaylist, source: str, reference: str | None) -> None:
    """Keep a playlist and say what it holds; whoever waits for tracks gets them."""
    async with turn.ending() as end:
        stored = await playlists.add(
            end.session, turn.person.id, found.name, source, reference, found.tracks, turn.update_id
        )
        said = turn.words.playlist_added(
            stored.name, stored.track_count, found.skipped, found.problems, stored.active
        )
        await end.say(messages.text(said))
    turn.services.new_tracks.announce()
    await recommendations.fulfil(turn.services, turn.person, turn.words)


async def _ask_login(turn: Turn, spotify: SpotifyLogins) -> None:
    url = await spotify.begin(turn.person.id)
    await turn.say(turn.words.login_explained, keyboards.login(turn.words, url))


async def _returned(turn: Turn, spotify: SpotifyLogins, address: str) -> None:
    await turn.acknowledge(turn.words.looking_up)
    try:
        await spotify.finish(turn.person.id, address)
    except PlaylistError as problem:
        raise Refused(messages.escaped(str(problem))) from problem
    await _own_lists(turn, spotify)


async def _own_lists(turn: Turn, spotify: SpotifyLogins) -> None:
    await turn.say(turn.words.own_lists, await _page(turn, spotify, 0))


async def _page(turn: Turn, spotify: SpotifyLogins, offset: int) -> InlineKeyboardMarkup:
    """Buttons for the person's lists from `offset` on."""
    try:
        return keyboards.own_lists(turn.words, await spotify.own_playlists(turn.person.id, offset))
    except PlaylistError as problem:
        raise Refused(messages.escaped(str(problem))) from problem
    except NoLogin as problem:
        raise Refused(turn.words.login_first) from problem
