"""All sentences in English, a module a topic."""

from bot.ui.words.en.checkin import CheckinWords
from bot.ui.words.en.own_data import OwnDataWords
from bot.ui.words.en.playlists import PlaylistWords
from bot.ui.words.en.start import StartWords
from bot.ui.words.en.tracks import TrackWords
from bot.ui.words.en.trouble import TroubleWords


class English(StartWords, CheckinWords, TrackWords, PlaylistWords, OwnDataWords, TroubleWords):
    """Say everything in English."""


__all__ = ["English"]
