"""Describe tracks as playlists name them, and what is believed about their moods."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from domain import Affect

# Exports join several artists by comma or semicolon, YouTube by a middle dot; titles of singles by "feat.".
# Blanks are looked at once, from their first one on.
_JOINED_ARTISTS = re.compile(r"(?<!\s)(?:\s*+[,;·]|\s++(?:feat|ft|featuring)\b)", re.IGNORECASE)
# What a title says of guests and of the same recording's later edition.
_ASIDE = re.compile(
    r"(?<!\s)(?:\s*+[(\[](?:feat|ft|featuring|with)\b[^)\]]{0,200}+[)\]]|\s++(?:feat|ft)\.? .*"
    r"|\s*+(?:-\s|[(\[])(?:\d{4} )?(?:digital )?remaster(?:ed)?(?: version)?(?: \d{4})?[)\]]?$)",
    re.IGNORECASE,
)


# Control characters, and halves of pairs of UTF-16, which JSON may hold alone.
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def well_formed(text: str) -> str:
    """Make a text fit to be printed and stored: in one line, without control characters and half characters."""
    if not _BROKEN.search(text):
        return text
    # Halves that belong together are joined.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _BROKEN.sub(" ", whole).strip()


class Provenance(StrEnum):
    """Name where Attune has a track from, which decides who may look at its texts: see music.moods."""

    FILE = "file"
    AUDIO = "audio"
    DEEZER = "deezer"
    YOUTUBE = "youtube"
    LISTENBRAINZ = "listenbrainz"
    SPOTIFY_API = "spotify-api"


@dataclass(frozen=True, slots=True)
class Features:
    """Hold values of the sound that came with a playlist file; None where the file says nothing.

    `valence` and `energy` are 0..1 as Spotify and its exports count them, `tempo` is in beats per minute.
    """

    valence: float | None = None
    energy: float | None = None
    tempo: float | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """Hold one entry of a playlist.

    `title` and `artist` may be empty, since real exports hold tracks with nothing but an id; several
    artists stay in one string as the source wrote them. `duration_s` is in seconds, `link` an http(s)
    address of this very track, `file_id` and `file_unique_id` are Telegram's for an audio that was sent to
    the bot.
    """

    title: str
    artist: str = ""
    album: str | None = None
    duration_s: int | None = None
    isrc: str | None = None
    link: str | None = None
    file_id: str | None = None
    file_unique_id: str | None = None
    features: Features = Features()
    genres: tuple[str, ...] = ()
    provenance: Provenance = Provenance.FILE

    def __post_init__(self) -> None:
        """Make whatever a source says fit to be printed and stored, here for all of them."""
        if "".join((self.title, self.artist, self.album or "", self.link or "", *self.genres)).isprintable():
            return  # nearly always, and quickly found
        for name in ("title", "artist", "album", "link"):
            if text := getattr(self, name):
                object.__setattr__(self, name, well_formed(text))
        object.__setattr__(self, "genres", tuple(map(well_formed, self.genres)))

    @property
    def key(self) -> tuple[str, str]:
        """Return what two entries of the same piece have in common: title and first artist, else the address.

        Sources differ in how they join artists and in whether they name guests and remasters in the title.
        """
        if self.title:
            return _normalised(_ASIDE.sub("", self.title) or self.title), self.lead_artist
        return "", self.link or self.file_unique_id or _normalised(self.artist)

    @property
    def identity_keys(self) -> tuple[object, ...]:
        """Return the key and the recording's code (ISRC): entries that share any of these are one piece."""
        return (self.key, self.isrc) if self.isrc else (self.key,)

    @property
    def lead_artist(self) -> str:
        """Return the first of the artists, normalised; empty when nobody is named."""
        return _normalised(_JOINED_ARTISTS.split(self.artist, maxsplit=1)[0])

    @property
    def label(self) -> str:
        """Return artist and title for people to read; empty when both are."""
        return " – ".join(part for part in (self.artist, self.title) if part)


# What a track is as JSON: `dump_python(track, mode="json")` and `validate_python(values)`, which raises ValueError.
TRACK_JSON: TypeAdapter[Track] = TypeAdapter(Track)


class MoodSource(StrEnum):
    """Name what a TrackMood mostly rests on."""

    ANSWER = "answer"
    SOUND = "sound"
    FEATURES = "features"
    LOOKUP = "lookup"
    TAGS = "tags"
    GENRE = "genre"
    TITLE = "title"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrackMood:
    """Hold the believed mood of a track: a normal distribution on each axis.

    `affect` is its mean (-1..1), `sd_valence` and `sd_arousal` the standard deviations in the same unit.
    The mean is shrunken: the less is known, the nearer to neutral it lies. `source` is the most telling of
    what was used. `tempo` is in beats per minute, None where nobody told it.
    """

    affect: Affect
    sd_valence: float
    sd_arousal: float
    source: MoodSource
    tempo: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return a flat dictionary of JSON values."""
        return {
            "valence": self.affect.valence,
            "arousal": self.affect.arousal,
            "sd_valence": self.sd_valence,
            "sd_arousal": self.sd_arousal,
            "source": self.source.value,
            "tempo": self.tempo,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TrackMood":
        """Make a mood of what to_dict returned; raises KeyError or ValueError for anything else."""
        return cls(
            Affect(values["valence"], values["arousal"]),
            values["sd_valence"],
            values["sd_arousal"],
            MoodSource(values["source"]),
            values["tempo"],
        )


def _normalised(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("’", "'")
    return " ".join(plain.casefold().split())
