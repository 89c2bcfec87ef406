"""Make tracks of audio sent into the chat. Plain values come in: nothing here knows Telegram's classes."""

from domain.tracks import Provenance, Track
from music.sources.entries.titles import artist_and_title, file_title


def track_from_audio(
    *,
    file_id: str,
    file_unique_id: str,
    title: str | None = None,
    performer: str | None = None,
    file_name: str | None = None,
    duration_s: int | None = None,
) -> Track:
    """Make the track of an audio message: title and artist from its tags, else from the name of its file."""
    named, artist = title or file_title(file_name or ""), performer or ""
    if not artist:
        artist, named = artist_and_title(named)
    return Track(
        title=named,
        artist=artist,
        duration_s=duration_s or None,
        file_id=file_id,
        file_unique_id=file_unique_id,
        provenance=Provenance.AUDIO,
    )
