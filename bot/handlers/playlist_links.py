"""Take playlists by link: look them up, refresh them, and log in at Spotify for those behind a login."""

from telegram import InlineKeyboardMarkup

from bot.accounts.playlist_services import NoLogin, SpotifyLogins
from bot.delivery import messages
from bot.delivery.unit_of_work import Event
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from bot.updates.pasted_links import address_of
from bot.usecases import playlists as usecase
from music.sources import PlaylistError
from music.sources.links import PlaylistLink, Service, recognise
from music.sources.services.spotify import LIKED
from storage import playlists
from storage.playlists import Playlist

_SPOTIFY = Service.SPOTIFY.value


async def pasted(context: UpdateContext) -> None:
    """Take an address from the chat: of a playlist, or where Spotify sent the person back to."""
    address = address_of(context.message)
    assert address is not None
    await link(context, address)


async def link(context: UpdateContext, address: str) -> None:
    """Read the playlist behind an address."""
    spotify = context.services.playlist_services.spotify
    if spotify and spotify.is_return(address):
        await _returned(context, spotify, address)
        return
    found = recognise(address)
    if found.service in context.services.playlist_services.services:
        await _look_up(context, found)
    else:
        await context.say(context.words.other_service(found.service))


async def connect(context: UpdateContext) -> None:
    """Ask for a login at Spotify, or offer the person's own lists there (/playlist spotify)."""
    spotify = context.services.playlist_services.spotify
    if spotify is None:
        await context.say(context.words.other_service(Service.SPOTIFY))
    elif await spotify.linked(context.person.id):
        await _own_lists(context, spotify)
    else:
        await _ask_login(context, spotify)


async def take(context: UpdateContext, press: Press) -> None:
    """Look up the list at Spotify that the person chose."""
    await context.toast()
    spotify, identifier = context.services.playlist_services.spotify, next(iter(press.arguments), "")
    if spotify is None or not (identifier == LIKED or identifier.isalnum()):
        await context.say(context.words.playlist_gone)
    else:
        await _look_up(context, PlaylistLink(Service.SPOTIFY, identifier))


async def turn_page(context: UpdateContext, press: Press) -> None:
    """Show another page of the person's lists at Spotify in place of the present one."""
    await context.toast()
    spotify = context.services.playlist_services.spotify
    if spotify is None or context.query.message is None:
        await context.say(context.words.playlist_gone)
        return
    keyboard = await _page(context, spotify, press.number() or 0)
    async with context.unit_of_work() as work:
        await work.say(messages.new_keyboard(context.query.message.message_id, keyboard))


async def disconnect(context: UpdateContext) -> None:
    """Forget the login at Spotify and all that came with it (/playlist disconnect)."""
    async with context.unit_of_work() as work:
        lists = await usecase.forget_source(work, _SPOTIFY)
        said = context.words.not_connected if lists is None else context.words.disconnected(lists)
        await work.say(messages.text(said))


async def refresh(context: UpdateContext) -> None:
    """Look all lists with links up again (/playlist refresh)."""
    async with context.services.db.read() as s:
        owned = await playlists.list_for(s, context.person.id)
    linked = [(p, at) for p in owned if (at := usecase.link_of(p, context.services.playlist_services))]
    if not linked:
        await context.say(context.words.nothing_to_refresh)
        return
    async with context.acknowledged(messages.text(context.words.looking_up)):
        lines = [await _refreshed(context, playlist, at) for playlist, at in linked]
        async with context.unit_of_work() as work:
            work.events.add(Event.PLAYLISTS_CHANGED)
            await work.say(messages.text("\n".join(lines)))


async def _refreshed(context: UpdateContext, playlist: Playlist, link: PlaylistLink) -> str:
    """Look one list up again and return a line on how that went."""
    words = context.words
    try:
        update = await usecase.refresh(context.services, playlist, link)
    except PlaylistError as error:
        return words.not_refreshed(playlist.name, words.playlist_problem(error.problem))
    except NoLogin:
        return words.not_refreshed(playlist.name, words.login_first)
    return words.refreshed(playlist.name, update.added, update.removed)


async def _look_up(context: UpdateContext, found: PlaylistLink) -> None:
    async with context.acknowledged(messages.text(context.words.looking_up)):
        imported = await context.services.playlist_services.read(context.person.id, found)
        at = found.service.value, found.id
        await usecase.keep(context.services, context.unit_of_work, context.person.id, imported, at)


async def _ask_login(context: UpdateContext, spotify: SpotifyLogins) -> None:
    url = await spotify.begin(context.person.id)
    await context.say(context.words.login_explained, keyboards.login(context.words, url))


async def _returned(context: UpdateContext, spotify: SpotifyLogins, address: str) -> None:
    async with context.acknowledged(messages.text(context.words.looking_up)):
        await spotify.finish(context.person.id, address)
        await _own_lists(context, spotify)


async def _own_lists(context: UpdateContext, spotify: SpotifyLogins) -> None:
    await context.say(context.words.spotify_lists, await _page(context, spotify, 0))


async def _page(context: UpdateContext, spotify: SpotifyLogins, offset: int) -> InlineKeyboardMarkup:
    """Make buttons for the person's lists from `offset` on."""
    return keyboards.spotify_lists(context.words, await spotify.own_playlists(context.person.id, offset))
