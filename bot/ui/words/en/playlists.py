"""Sentences about playlists: files, audio, links, Spotify."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.ui.words.en.names import PUBLIC_LISTS, plural
from bot.ui.words.markup import name_in_html
from music.sources import Problem
from music.sources.links import PUBLIC, Service
from music.wording import worded

# Besides Deezer's, of which the example is.
_OTHER_LINKS = ", ".join(
    ["YouTube", "YouTube Music", *(s.label for s in PUBLIC if s not in (Service.DEEZER, Service.YOUTUBE))]
)


class PlaylistWords:
    """Say what happens to a person's playlists."""

    unnamed_audio = "Audio sent to me"
    profile_audio = "Your Telegram profile"
    no_profile_audio = "Your Telegram profile shows me no music."

    def playlist_added(
        self, name: str, count: int, skipped: int, problems: Sequence[Problem], active: bool
    ) -> str:
        lines = [f"“{name_in_html(name)}”: {count} {plural(count, 'track', 'tracks')}."]
        if skipped:
            lines.append(f"{skipped} {plural(skipped, 'line', 'lines')} held no track.")
        lines += (escape(worded(problem)) for problem in problems)
        lines.append("It is your active playlist." if active else "Choose it with /playlist.")
        return " ".join(lines)

    def playlist_problem(self, problem: Problem) -> str:
        return worded(problem)

    def track_added(self, label: str, name: str, count: int, new: bool) -> str:
        what = (
            f"Added {name_in_html(label) or 'the track'}"
            if new
            else f"{name_in_html(label) or 'The track'} was there already"
        )
        return f"{what}. “{name_in_html(name)}” has {count} {plural(count, 'track', 'tracks')}."

    playlists_none = (
        "You have no playlist yet. Send a file of one (CSV, M3U and most others), audio files, or /playlist link with "
        f"the address of a public list at {PUBLIC_LISTS}. /playlist spotify connects Spotify."
    )
    playlists = "Your playlists (tap to use, ✕ to remove):"

    def playlist_chosen(self, name: str) -> str:
        return f"I use “{name_in_html(name)}” now."

    playlist_removed = "Removed."
    playlist_gone = "This playlist is gone."
    link_usage = (
        f"Like this: /playlist link https://www.deezer.com/playlist/... (or of {_OTHER_LINKS}). "
        "/playlist refresh looks such lists up again, /playlist all uses all your lists at once, /playlist profile "
        "takes the music of your Telegram profile, /playlist spotify connects Spotify, /playlist disconnect ends that."
    )
    looking_up = "Looking it up ..."

    def refreshed(self, name: str, added: int, removed: int) -> str:
        if not added and not removed:
            return f"“{name_in_html(name)}”: no track came or went."
        return f"“{name_in_html(name)}”: {added} new, {removed} gone."

    def not_refreshed(self, name: str, why: str) -> str:
        return f"“{name_in_html(name)}” stays as it is. {escape(why, quote=False)}"

    def all_analysed(self, name: str, count: int) -> str:
        tracks = plural(count, "the track", f"all {count} tracks")
        heard = f"“{name_in_html(name)}”: I have listened to {tracks} now."
        return f"{heard} Where there was sound to hear, I choose by it."

    def moods_looked_up(self, name: str, total: int, sources: Sequence[str]) -> str:
        return f"“{name_in_html(name)}”: I have looked for the moods of all {total} tracks ({', '.join(sources)})."

    def looking_up_moods(self, name: str, total: int, done: Mapping[str, int]) -> str:
        counts = ", ".join(f"{source} {count}" for source, count in done.items())
        return (
            f"“{name_in_html(name)}”: I am looking for the moods of its {total} tracks, so far: {counts}. "
            "What is ready I use already."
        )

    nothing_to_refresh = "None of your lists came by a link that I can look up again."

    def all_chosen(self, count: int) -> str:
        return f"I choose from all {count} of your lists now, a song in two of them counts once. /playlist picks one."

    # Spotify
    log_in = "Log in at Spotify"
    liked_songs = "Liked songs"
    login_explained = (
        "Log in at Spotify with the button; I ask to <b>read</b> your playlists and liked songs, nothing else. Spotify "
        "then sends your browser to a page that may not open: that is fine. Copy that page's whole <b>address</b> from "
        "the address bar and send it to me. It works once, for an hour, for you alone.\n"
        "What I keep is encrypted; /playlist disconnect deletes it. A file from exportify.net works without any login."
    )
    login_first = (
        "For that I need your login at Spotify: /playlist spotify. A file from exportify.net works too."
    )
    spotify_lists = "Connected. Which of your Spotify lists shall I read? A link to one of them works too."
    page_turns: tuple[str, str] = ("◀ Lists before", "More lists ▶")
    not_connected = "You are not connected to Spotify."

    def disconnected(self, lists: int) -> str:
        came_along = f"{lists} {plural(lists, 'list', 'lists')}"
        return f"Disconnected: the login and {came_along} that came with it are deleted."

    def other_service(self, service: Service) -> str:
        if service is Service.SPOTIFY:
            how = "Export the playlist at exportify.net (or exportify.app) and send me the CSV file."
        else:
            how = "Export the playlist with TuneMyMusic or Soundiiz as CSV and send me the file."
        return f"I can't read {service.label} links yet. {how}"
