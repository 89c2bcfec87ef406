"""All sentences that people read, by language."""

from bot.ui.words.en import English
from bot.ui.words.protocol import Words

LANGUAGES: dict[str, Words] = {"en": English()}


def words_for(language_code: str | None) -> Words:
    """Return the words for an IETF language tag such as "de-AT"; English where there are none yet."""
    return LANGUAGES.get((language_code or "en").split("-")[0].casefold(), LANGUAGES["en"])


__all__ = ["LANGUAGES", "Words", "words_for"]
