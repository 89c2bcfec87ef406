"""Playlists: files, audio, links."""

from collections.abc import Sequence
from html import escape

from bot.words.en.names import shown
from music.sources.links import Service


class PlaylistWords:
    """What is said of a person's music."""

    unnamed_audio = "Audio sent to me"

    def playlist_added(
        self, name: str, count: int, skipped: int, problems: Sequence[str], active: bool
    ) -> str:
        """After an import; the number stands in digits. `problems` are sentences of the reader about the file."""
        lines = [f"“{shown(name)}”: {count} track{'s' if count != 1 else ''}."]
        if skipped:
            lines.append(f"{skipped} line{'s' if skipped != 1 else ''} held no track.")
        lines += map(escape, problems)
        lines.append("It is your active playlist." if active else "Choose it with /playlist.")
        return " ".join(lines)

    def track_added(self, label: str, name: str, count: int, new: bool) -> str:
        """After an audio file."""
        what = (
            f"Added {shown(label) or 'the track'}"
            if new
            else f"{shown(label) or 'The track'} was there already"
        )
        return f"{what}. “{shown(name)}” has {count} track{'s' if count != 1 else ''}."

    playlists_none = (
        "You have no playlist yet. Send a CSV or M3U file, audio files, or /playlist link with a public Deezer "
        "address."
    )
    playlists = "Your playlists (tap to use, ✕ to remove):"

    def playlist_chosen(self, name: str) -> str:
        """After choosing."""
        return f"I use “{shown(name)}” now."

    playlist_removed = "Removed."
    playlist_gone = "This playlist is gone."
    link_usage = "Like this: /playlist link https://www.deezer.com/playlist/..."
    looking_up = "Looking it up ..."

    def other_service(self, service: Service) -> str:
        """What to do with a link of a service that is not read yet."""
        if service is Service.SPOTIFY:
            how = "Export the playlist at exportify.net (or exportify.app) and send me the CSV file."
        else:
            how = "Export the playlist with TuneMyMusic or Soundiiz as CSV and send me the file."
        name = {
            Service.YOUTUBE: "YouTube",
            Service.SOUNDCLOUD: "SoundCloud",
            Service.LISTENBRAINZ: "ListenBrainz",
        }
        return f"I can't read {name.get(service, service.value.replace('-', ' ').title())} links yet. {how}"
