"""Parse the cells of a table: numbers, durations, codes and addresses. None: a cell says nothing."""

import math
import re
from urllib.parse import urlsplit

from music.sources.links import TRACK_HOSTS

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_SPOTIFY_ADDRESS = re.compile(
    r"(?:spotify:|https?://open\.spotify\.com/(?:intl-\w+/)?)(\w+)[:/](?:([0-9A-Za-z]{22})(?![0-9A-Za-z]))?"
)
_SPOTIFY_MUSIC = ("track", "album", "artist")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\.\d+)?")
_VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)
_DAY_S = 24 * 60 * 60
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")
_MOST_S = 30_000  # a larger number without a unit is milliseconds: no mix takes eight hours


def number(cell: str) -> float | None:
    """Parse a finite number, written with a point or, as Excel does in half of Europe, with a comma."""
    if not cell:
        return None
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def duration_s(cell: str, unit: float | None = None) -> int | None:
    """Return seconds from "3:45", "1:02:03" or a number, of which `unit` make a second; None for zero.

    Without a unit, a number too large for seconds is taken for milliseconds.
    """
    clock = _CLOCK.fullmatch(cell.strip()) if ":" in cell else None
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        value: float | None = 3600 * hours + 60 * minutes + seconds
    elif (value := number(cell)) is not None:
        value /= unit or (1000 if value > _MOST_S else 1)
    return round(value) if value is not None and 0.5 <= value <= _DAY_S else None


def milliseconds(cell: str) -> int | None:
    """Return seconds from a number of milliseconds; None for zero.

    Milliseconds have no fractions, so a point or comma parts thousands.
    """
    return duration_s(cell if cell.isdigit() else _THOUSANDS.sub("", cell), 1000)


def tempo(cell: str) -> float | None:
    """Parse a tempo in beats per minute; None for what no music has."""
    value = number(cell)
    return value if value and 20 <= value <= 400 else None


def isrc(cell: str) -> str | None:
    """Parse an International Standard Recording Code (ISRC), and leave out its hyphens."""
    if not cell:
        return None
    code = cell.strip().upper().replace("-", "")
    return code if _ISRC.fullmatch(code) else None


def link(cell: str, kind: str = "track") -> str | None:
    """Make an https address from a Spotify id, a Spotify URI or an address of a known host.

    `kind` says what an id is of: track, album or artist. Anything else gives None: a made-up link would be worse.
    """
    text = cell.strip()
    spotify = _SPOTIFY_ADDRESS.match(text)
    if spotify and spotify[1] in _SPOTIFY_MUSIC and spotify[2]:
        return f"https://open.spotify.com/{spotify[1]}/{spotify[2]}"
    if _SPOTIFY_ID.fullmatch(text):
        return f"https://open.spotify.com/{kind}/{text}"
    return text if _is_known_address(text) else None


def spotify_kind(cell: str) -> str:
    """Tell what a Spotify URI or address is of, such as "track" or "episode"; empty for anything else."""
    if cell.startswith("spotify:track:"):
        return "track"  # in nearly all rows
    spotify = _SPOTIFY_ADDRESS.match(cell.strip())
    return spotify[1] if spotify else ""


def video_link(cell: str) -> str | None:
    """Make the address of a YouTube video from its id."""
    return f"https://www.youtube.com/watch?v={cell.strip()}" if _VIDEO_ID.fullmatch(cell.strip()) else None


def http_address(text: str) -> str | None:
    """Return an http(s) address as a player's file names it, on any host: a radio stream may be anywhere."""
    is_address = text.lower().startswith(("https://", "http://")) and not re.search(r"\s", text)
    return text if is_address else None


def _is_known_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and parts.netloc.lower() in TRACK_HOSTS and not re.search(r"\s", text)
    except ValueError:
        return False
