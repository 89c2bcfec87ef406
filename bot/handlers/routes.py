"""Say which handler takes what: they are tried in this order, and the first that fits takes the update."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.crisis import asks_for_help
from bot.handlers import (
    checkins,
    crisis,
    feedback,
    history,
    interruptions,
    media,
    mode,
    mood,
    playlist_links,
    playlists,
    privacy,
    recommendations,
    start,
)
from bot.services import Services
from bot.settings import Settings
from bot.ui.presses import Action, Press
from bot.updates.context import Handler, UpdateContext, in_context, is_invited
from bot.updates.media import medium_of, playlist_of, sound_of, written
from bot.updates.pasted_links import address_of

PressHandler = Callable[[UpdateContext, Press], Awaitable[None]]

PLAYLIST_WORDS: dict[str, Handler] = {
    "profile": playlists.profile,
    "spotify": playlist_links.connect,
    "disconnect": playlist_links.disconnect,
    "refresh": playlist_links.refresh,
    "all": playlists.use_all,
}


async def _playlist(context: UpdateContext) -> None:
    """Show the playlists, or do what the first word says (/playlist)."""
    word, address = (*context.args, "", "")[:2]
    if not word:
        await playlists.show(context)
    elif word.casefold() == "link" and address:
        await playlist_links.link(context, address)
    elif handler := PLAYLIST_WORDS.get(word.casefold()):
        await handler(context)
    elif "." in word:
        await playlist_links.link(context, word)
    else:
        await context.say(context.words.link_usage)


COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "privacy": privacy.privacy,
    "export": privacy.export,
    "delete_me": privacy.delete_me,
    "cancel": checkins.cancel,
    "mood": start.consenting(mood.mood),
    "forget_corrections": start.consenting(feedback.forget),
    "history": start.consenting(history.history),
    "mode": start.consenting(mode.mode),
    "playlist": start.consenting(_playlist),
}
PRESSES: dict[Action, PressHandler] = {
    Action.READ_NOW: checkins.read_now,
    Action.STOP: media.stop,
    Action.TRY_AGAIN: media.again,
    Action.WHOSE: media.whose,
    Action.MATCH: recommendations.ask,
    Action.REGULATE: recommendations.ask,
    Action.TELL_MOOD: mood.told,
    Action.NOT_RIGHT: feedback.wrong,
    Action.CORRECT: feedback.correct,
    Action.THUMB: feedback.thumb,
    Action.ASK_SOUND: feedback.ask_sound,
    Action.TELL_SOUND: feedback.sound,
    Action.CHOOSE_MODE: mode.choose,
    Action.USE_PLAYLIST: playlists.use,
    Action.REMOVE_PLAYLIST: playlists.drop,
    Action.READ_AS_VOICE: playlists.as_voice,
    Action.IMPORT_PLAYLIST: playlist_links.take,
    Action.TURN_PAGE: playlist_links.turn_page,
}
WITHOUT_CONSENT: dict[Action, PressHandler] = {
    Action.CONSENT: start.consent,
    Action.ERASE: privacy.erase,
    Action.SEND_AGAIN: interruptions.send_again,
}


class _Crisis(filters.MessageFilter):
    """Accept a text or a caption that asks for help."""

    def filter(self, message: Message) -> bool:
        """Look the words up in the lists of bot.crisis."""
        return asks_for_help(written(message))


class _Uninvited(filters.UpdateFilter):
    """Accept whatever comes from somebody who may not use the bot."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def filter(self, update: Update) -> bool:
        """Look the sender up in the setting ALLOWED_USERS."""
        user = update.effective_user
        return user is not None and not is_invited(self._settings, user)


class _Readable(filters.MessageFilter):
    """Accept a photo, a voice note or a video, sent in whatever way."""

    def filter(self, message: Message) -> bool:
        """Tell by what bot.updates.media finds in the message."""
        return medium_of(message) is not None


class _Playlist(filters.MessageFilter):
    """Accept a file that can only be a playlist."""

    def filter(self, message: Message) -> bool:
        """Tell by what bot.updates.media finds in the message."""
        return playlist_of(message) is not None


class _Sounding(filters.MessageFilter):
    """Accept music, or another sound."""

    def filter(self, message: Message) -> bool:
        """Tell by what bot.updates.media finds in the message."""
        return sound_of(message) is not None


class _Pasted(filters.MessageFilter):
    """Accept a text with an address."""

    def filter(self, message: Message) -> bool:
        """Tell by what bot.updates.pasted_links finds in the message."""
        return message.text is not None and address_of(message) is not None


MESSAGES: tuple[tuple[Any, Handler], ...] = (
    (filters.Sticker.ALL | filters.ANIMATION, start.unknown),
    (filters.FORWARDED & _Readable(), media.ask_whose),
    (_Readable(), media.received),
    (_Sounding(), playlists.audio),
    (_Playlist() | filters.Document.ALL, playlists.document),
    (_Pasted(), playlist_links.pasted),
)


def register(application: "Application[Any, Any, Any, Any, Any, Any]", services: Services) -> None:
    """Add every handler to the application."""
    new_message = filters.UpdateType.MESSAGE
    # Before anything else that is written: under a photo, and behind a command.
    application.add_handler(MessageHandler(new_message & _Crisis(), in_context(services, crisis.respond)))
    # Nothing else looks at what is written by somebody who is not invited.
    uninvited = MessageHandler(_Uninvited(services.settings), in_context(services, _ignore))
    application.add_handler(uninvited)
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, in_context(services, handler), new_message))
    application.add_handler(CallbackQueryHandler(_pressed(services)))
    for kind, handler in MESSAGES:
        application.add_handler(
            MessageHandler(new_message & kind, in_context(services, start.consenting(handler)))
        )
    sentence = new_message & filters.TEXT & ~filters.COMMAND
    application.add_handler(MessageHandler(sentence, in_context(services, media.sentence)))
    application.add_handler(MessageHandler(new_message, in_context(services, start.unknown)))
    application.add_handler(TypeHandler(Update, in_context(services, _ignore)))


def _pressed(services: Services) -> Any:
    async def route(context: UpdateContext) -> None:
        press = Press.parse(context.query.data)
        if press and (handler := WITHOUT_CONSENT.get(press.action)):
            await handler(context, press)
        elif press is None or (handler := PRESSES.get(press.action)) is None:
            await context.toast(context.words.too_old)
        elif context.consented:
            await handler(context, press)
        else:
            await start.ask_consent(context)

    return in_context(services, route)


async def _ignore(_: UpdateContext) -> None:
    """Do nothing, so that edits, reactions and the like count as handled."""
