"""English."""

from collections.abc import Sequence

from bot.ui.words.en.checkin import CheckinWords
from bot.ui.words.en.own_data import OwnDataWords
from bot.ui.words.en.playlists import PlaylistWords
from bot.ui.words.en.start import StartWords
from bot.ui.words.en.tracks import TrackWords
from bot.ui.words.en.trouble import TroubleWords
from bot.ui.words.protocol import CommandWords


class English(StartWords, CheckinWords, TrackWords, PlaylistWords, OwnDataWords, TroubleWords):
    """Say everything in English."""

    commands: Sequence[CommandWords] = (
        CommandWords("start", "what Attune does"),
        CommandWords("mood", "say yourself how you are, without selfie and voice"),
        CommandWords("playlist", "your playlists; /playlist link <url> adds one"),
        CommandWords("mode", "what follows a reading: match, regulate or ask"),
        CommandWords("history", "your last moods in one picture"),
        CommandWords("forget_corrections", "read you as everybody again"),
        CommandWords("cancel", "drop the check-in that is open"),
        CommandWords("privacy", "what is kept and what is not"),
        CommandWords("export", "everything stored about you, as a file"),
        CommandWords("delete_me", "forget everything about you"),
        CommandWords("help", "how it works"),
    )


__all__ = ["English"]
