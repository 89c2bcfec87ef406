"""Sentences about what is kept of a person, and about its end."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.ui.words.en.names import plural
from music.sources.links import Service


class OwnDataWords:
    """Answer /privacy, /export and /delete_me."""

    def privacy(
        self, retention_days: int, outside: Sequence[Service], lookups: Sequence[str], operator: str
    ) -> str:
        names = ", ".join(service.label for service in outside)
        asked = "asked only for lists whose links you sent me and, where that is switched on, for previews of tracks"
        told = "told the codes or names of your tracks, never whose they are, to look up their moods"
        services = "; ".join(
            [
                *([f"{names}: {asked}"] if names else []),
                *([f"{', '.join(lookups)}: {told}"] if lookups else []),
            ]
        )
        return (
            "<b>What I read:</b> the expression of your face, the sound of your voice and what you type beside them, "
            "by models on this computer. No outside service sees them; only Telegram carries them.\n"
            "<b>What for:</b> to guess the mood that you show, and to choose tracks of yours that fit.\n"
            "<b>What I keep:</b> the probabilities and quality figures of each reading, your corrections, your "
            "playlists (titles, artists, Telegram's file numbers), which tracks I sent, your thumbs and how you "
            "say that tracks sound.\n"
            "<b>What I never keep:</b> photos, voices, videos, and what you write once it is answered.\n"
            f"<b>How long:</b> readings and what followed them {retention_days} days, playlists and logins as long as "
            f"you use me; {retention_days} days after I last heard from you everything goes by itself. Messages to and "
            "from you, without their contents, two days; what I said and may not have reached you, about a day.\n"
            f"<b>Outside services:</b> {services or 'none'}.\n"
            f"<b>Who runs this:</b> {self._runner(operator)}.\n"
            "<b>Your rights:</b> /export sends you all of it as a file, /delete_me erases it at once, and the button "
            "below withdraws your consent. A guess can be wrong, more often in bad light or noise, and in languages "
            "and faces that the models heard and saw little of. Not for other people's photos, not for work, school or "
            "hiring, not for anybody under 16."
        )

    def terms(self, retention_days: int, operator: str) -> str:
        return f"Readings go after {retention_days} days. This bot is run by {self._runner(operator)}."

    def _runner(self, operator: str) -> str:
        return escape(operator) or "the person who gave you its address"

    withdraw = "I withdraw my consent"
    consent_withdrawn = (
        "Withdrawn. From now on I read and keep nothing new. What I kept before is still here: /export shows it, "
        "/delete_me erases it. /start brings the question back."
    )
    withdrawn_meanwhile = "I dropped this: you withdrew your consent while I was at it."
    exported = (
        "This is everything that is stored about you. Photos and voices are not in it: they are never stored."
    )
    export_too_large = (
        "What is stored about you makes a file larger than 50 MB even when it is packed, and Telegram takes no such "
        "file from me. Remove some lists under /playlist and try again, or ask the person who runs this bot for it."
    )
    delete_question = "Erase everything: readings, playlists, answers, your consent? This cannot be undone."
    delete_yes, delete_no = "Yes, erase everything", "No, keep it"
    delete_kept = "Nothing was erased."
    _tables: Mapping[str, tuple[str, str]] = {
        "checkins": ("check-in", "check-ins"),
        "plays": ("track sent", "tracks sent"),
        "answers": ("thumb", "thumbs"),
        "playlists": ("playlist", "playlists"),
        "tracks": ("track in them", "tracks in them"),
        "consents": ("consent", "consents"),
    }

    def deleted(self, receipt: Mapping[str, int]) -> str:
        named = [
            f"{receipt[table]} {plural(receipt[table], one, other)}"
            for table, (one, other) in self._tables.items()
            if receipt.get(table)
        ]
        rest = sum(count for table, count in receipt.items() if table not in self._tables)
        listed = ", ".join([*named, f"{rest} inner entries"])
        return (
            f"Done: {sum(receipt.values())} entries about you are erased ({listed}). I know nothing of you any more. "
            "/start begins anew."
        )
