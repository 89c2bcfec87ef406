"""What is kept of a person, and its end."""

from collections.abc import Mapping


class OwnDataWords:
    """/privacy and /delete_me."""

    privacy = (
        "<b>What I read:</b> the expression of your face and the sound of your voice, by two models on this computer. "
        "No outside service sees them; only Telegram carries them.\n"
        "<b>What I keep:</b> the probabilities and quality figures of each reading, your corrections, your playlists "
        "(titles, artists, Telegram's file numbers), which tracks I sent and your thumbs.\n"
        "<b>What I never keep:</b> photos, voices, and the text of your messages once they are answered.\n"
        "<b>Outside services:</b> Deezer, only when you send me a Deezer link.\n"
        "<b>Erase:</b> /delete_me removes all of it at once. Not for other people's photos, not for work, school or "
        "hiring."
    )

    delete_question = "Erase everything: readings, playlists, answers, your consent? This cannot be undone."
    delete_yes, delete_no = "Yes, erase everything", "No, keep it"
    delete_kept = "Nothing was erased."

    def deleted(self, receipt: Mapping[str, int]) -> str:
        """The receipt."""
        rows = sum(receipt.values())
        return (
            f"Done: {rows} entries about you are erased. I know nothing of you any more. /start begins anew."
        )
