"""Emergency numbers and crisis lines by country. Only what is short, national and known for years stands here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """Say whom to call: the emergency number, and a line for talking where one is known."""

    emergency: str
    line: str | None = None


# 112 reaches help in all of Europe and from mobile phones nearly everywhere; 911 in North America.
EVERYWHERE = Help("112 (Europe and most mobile phones) or 911 (North America)")

# By region, ISO 3166. 116 123 is the number that the European Union keeps for emotional support.
_REGIONS = {
    "at": Help("112", "142"),
    "au": Help("000", "13 11 14"),
    "br": Help("192", "188"),
    "ca": Help("911", "988"),
    "ch": Help("112", "143"),
    "de": Help("112", "116 123"),
    "es": Help("112", "024"),
    "fr": Help("112", "3114"),
    "gb": Help("999", "116 123"),
    "ie": Help("112", "116 123"),
    "in": Help("112", "14416"),
    "nl": Help("112", "113"),
    "nz": Help("111", "1737"),
    "us": Help("911", "988"),
}
# Languages spoken in countries that share their emergency number; a line for talking would be a guess.
_LANGUAGES = dict.fromkeys(
    (
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "et",
        "fi",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "nl",
        "pl",
        "ro",
        "sk",
        "sl",
        "sv",
    ),
    Help("112"),
)


def help_for(language_code: str | None) -> Help:
    """Return whom to call for an IETF language tag such as "en-GB".

    The region decides, else the language, else the numbers that work nearly everywhere: Telegram tells nothing else
    about where somebody is.
    """
    language, _, rest = (language_code or "").casefold().partition("-")
    region = rest.rpartition("-")[2]
    return _REGIONS.get(region) or _LANGUAGES.get(language) or EVERYWHERE
