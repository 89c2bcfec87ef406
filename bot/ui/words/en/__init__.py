"""English. Another language is a subclass that says the same otherwise.

Sentences may hold Telegram's HTML; whatever comes from outside is escaped where it is put in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ui.words.en.checkin import CheckinWords
from bot.ui.words.en.own_data import OwnDataWords
from bot.ui.words.en.playlists import PlaylistWords
from bot.ui.words.en.start import StartWords
from bot.ui.words.en.tracks import TrackWords
from bot.ui.words.en.trouble import TroubleWords


@dataclass(frozen=True, slots=True)
class CommandWords:
    """A command with its line in Telegram's menu."""

    name: str
    what: str


class English(StartWords, CheckinWords, TrackWords, PlaylistWords, OwnDataWords, TroubleWords):
    """Everything that Attune says, by topic."""

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


Words = English

__all__ = ["English", "Words"]
