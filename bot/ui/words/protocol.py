"""What a language has to say: every sentence that people read, by topic.

A language is a class with all of these members; mypy refuses one that lacks any (`LANGUAGES` in bot.ui.words). It need
not inherit from anything, so that no sentence is taken over from English unseen. Sentences may hold Telegram's HTML;
whatever comes from outside is escaped where it is put in. What depends on a threshold is decided before: a language
only maps values to sentences, and counts to plural forms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain import Emotion, Goal
from domain.readings import Modality, Reading
from inference.errors import Code
from music.moods.quadrant_answers import Quadrant
from music.selection import Choice
from music.sources import Problem
from music.sources.links import Service


@dataclass(frozen=True, slots=True)
class CommandWords:
    """Describe a command in Telegram's menu."""

    name: str
    what: str


class NameWords(Protocol):
    """Name what all topics and the pictures speak of."""

    emotions: Mapping[Emotion, str]
    source_names: tuple[str, str, str, str]  # face, voice, words, and all of them together
    axes: tuple[str, str, str, str]  # the ends of the plane: left, right, bottom, top


class StartWords(Protocol):
    """Introduce Attune, ask for consent, help, and answer whatever is not understood."""

    commands: Sequence[CommandWords]
    description: str  # in the bot's profile
    short_description: str

    start: str  # after /start, before anybody agreed
    consent_yes: str
    consent_no: str
    consent_first: str  # where something was sent or pressed before that
    consent_thanks: str  # what to send now
    consent_declined: str
    welcome_back: str  # after /start of somebody who agreed
    not_invited: str  # where the bot is for invited people only
    private_only: str  # in a group
    unknown: str  # after anything that is not understood
    unknown_sticker: str  # after a sticker or an animation

    def help(self, minutes: float) -> str:
        """Explain how it works (/help); half a check-in waits for so many minutes."""
        ...


class CheckinWords(Protocol):
    """Go from the selfie to the correction, and on to /history."""

    # While something is read, and once it was.
    asks_other: Mapping[Modality, str]  # by what was read: asks for face or voice, whichever is missing
    replaced: Mapping[Modality, str]  # by what took the place of an earlier one
    took_text: str  # a sentence joined a check-in
    still_waiting: Mapping[Modality, str]  # by what is there and waits for the other half
    read_now: str  # button: read one half alone
    stop: str  # button
    stopped: str
    too_late: str  # toast: nothing is left to stop
    try_again: str  # button under what was too slow, or met a full queue
    nothing_open: str  # after /cancel without a check-in
    cancelled: str  # after /cancel
    too_old: str  # toast: a button that means nothing any more
    read_already: str  # toast: a medium that a button asked to read twice
    no_heic: str  # a picture in a format that cannot be opened
    as_voice: str  # button under a sound that was taken for music

    # What was forwarded.
    whose_question: str
    it_is_me: str  # button
    it_is_somebody_else: str  # button
    left_unread: str  # after that button

    # Under a reading, and in its picture.
    match: str  # button
    regulate: str  # button
    not_quite_right: str  # button
    emotion_question: str  # after that button
    gone_by_already: str  # toast: a correction that stands already
    mood_question: str  # after /mood
    voice_course: str  # heading of a long voice note's course in the picture
    counted_less: Mapping[Modality, str]  # by what was hard to see, to hear or to judge
    corrections_counted: str  # earlier corrections had a say
    cannot_tell: str  # the reading is not sure
    only_a_guess: str  # last line of every caption

    history_title: str
    history_legend: str
    history_caption: str
    no_history: str  # after /history before any mood

    def received(self, kind: str, ahead: int) -> str:
        """Say that a medium of this kind arrived, and that `ahead` others are read first."""

    def parts_read(self, parts: Sequence[Modality]) -> str:
        """Say that these parts were read, which make the check-in complete."""

    def unreadable(self, code: Code) -> str:
        """Say why a photo, a sound or a text was not read."""

    def how_sure(self, reading: Reading) -> str:
        """Say the confidence in words and, where it was measured what it is worth, as a number."""

    def headline(self, reading: Reading) -> str:
        """Name the emotion, or the two between which the reading does not choose."""

    def rests_on(self, modalities: Sequence[Modality]) -> str:
        """Say what a reading was made of."""

    def which_side(self, opposing: Mapping[Modality, Emotion]) -> str:
        """Say what the sides show that contradict each other, and ask which is nearer."""

    def advice(self, hints: Sequence[str]) -> str:
        """Say what would make the next reading surer; nothing where no hint is known."""

    def mood_told(self, emotion: Emotion) -> str:
        """Answer somebody who told their mood after /mood."""

    def opposing_side(self, modality: Modality, emotion: Emotion) -> str:
        """Label the button for one of two sides that contradict each other."""

    def confirmed(self, emotion: Emotion) -> str:
        """Answer a correction that names what was read anyway."""

    def corrected(self, emotion: Emotion) -> str:
        """Answer a correction."""

    def corrections_forgotten(self, count: int) -> str:
        """Answer /forget_corrections."""

    def moment(self, at: datetime) -> str:
        """Write date and hour in UTC: Telegram does not tell where people are."""

    def mood_in_history(self, emotions: Sequence[Emotion], *, told: bool) -> str:
        """Name a mood that was told, or the one or two that a reading holds possible."""


class TrackWords(Protocol):
    """Say which tracks follow a reading, and why these."""

    no_playlist: str  # tracks were asked for before there was a playlist
    no_more: str  # every track of the playlist was sent already
    thumbs_question: str  # above the thumbs, where tracks were sent as audio
    more: str  # button
    thumbs: tuple[str, str]  # buttons: up, down
    path_legend: str  # in the picture of a path
    path_caption: str  # under it
    sounds_different: str  # button: the person hears it otherwise
    quadrants: Mapping[Quadrant, tuple[str, str]]  # a sign, and what it means
    mode_usage: str  # after /mode with a word that is no mode
    mode_names: Mapping[str, str]  # buttons, by mode
    modes: Mapping[str, str]  # by the mode that was chosen

    def path_title(self, emotion: Emotion, goal: Goal) -> str:
        """Write the title in the picture of a path from a mood to a goal."""

    def match_title(self, emotion: Emotion, playlist: str) -> str:
        """Write the title above tracks that match a mood."""

    def regulate_title(self, emotion: Emotion, goal: Goal, playlist: str) -> str:
        """Write the title above tracks that lead to a goal."""

    def left_out(self, sent: int, unknown: int) -> str:
        """Say how many tracks of the list were not chosen, and why; empty where none was left out."""

    def track(self, number: int, choice: Choice, link: str | None) -> str:
        """Write who plays what, and a line that says why."""

    def thumb_noted(self, up: bool) -> str:
        """Write the toast after a thumb."""

    def sound_question(self, tracks: Sequence[tuple[int, str]]) -> str:
        """Ask how tracks (number, label) sound."""

    def sound_noted(self, quadrant: Quadrant) -> str:
        """Write the toast after an answer to that."""

    def mode_now(self, mode: str) -> str:
        """Say what follows a reading at present, and ask what shall."""


class PlaylistWords(Protocol):
    """Speak of a person's playlists: files, audio, links, Spotify."""

    unnamed_audio: str  # name of the playlist of audio files
    profile_audio: str  # name of the playlist from a Telegram profile
    no_profile_audio: str
    playlists_none: str  # after /playlist without any
    playlists: str  # above the person's playlists
    playlist_removed: str
    playlist_gone: str  # a list that was removed meanwhile
    link_usage: str
    looking_up: str  # while a service is asked
    nothing_to_refresh: str  # after /playlist refresh without a list from a link
    log_in: str  # button
    liked_songs: str  # button: the liked songs of Spotify
    login_explained: str
    login_first: str  # a list that only its owner's login can read
    spotify_lists: str  # above the person's lists at Spotify
    page_turns: tuple[str, str]  # to the lists before, and to more
    not_connected: str  # after /playlist disconnect without a login

    def playlist_added(
        self, name: str, count: int, skipped: int, problems: Sequence[Problem], active: bool
    ) -> str:
        """Say what was imported, with the number in digits; `problems` are about all of the file."""

    def playlist_problem(self, problem: Problem) -> str:
        """Say why a playlist was not read, in plain text: it may quote others, and is escaped where it is put in."""

    def track_added(self, label: str, name: str, count: int, new: bool) -> str:
        """Say that an audio file joined a list of so many tracks, or was there already."""

    def playlist_chosen(self, name: str) -> str:
        """Say which list is in use now."""

    def all_chosen(self, count: int) -> str:
        """Say that all lists are in use now."""

    def refreshed(self, name: str, added: int, removed: int) -> str:
        """Say what changed in a list that was looked up again."""

    def not_refreshed(self, name: str, why: str) -> str:
        """Say why a list could not be looked up again; `why` is a sentence from outside."""

    def all_analysed(self, name: str, count: int) -> str:
        """Say that all sounds of a list were listened to."""

    def looking_up_moods(self, name: str, total: int, done: Mapping[str, int]) -> str:
        """Say how many of a long list's tracks each source of moods was asked about so far."""

    def moods_looked_up(self, name: str, total: int, sources: Sequence[str]) -> str:
        """Say that all sources of moods were asked about all tracks of a long list."""

    def disconnected(self, lists: int) -> str:
        """Say that the login at Spotify is deleted, and the lists that came with it."""

    def other_service(self, service: Service) -> str:
        """Say what to do with a link of a service whose lists are not read."""


class OwnDataWords(Protocol):
    """Say what is kept of a person, and confirm its end: /privacy, /export and /delete_me."""

    withdraw: str  # button under /privacy
    consent_withdrawn: str
    withdrawn_meanwhile: str  # consent ended while something was read
    exported: str  # under the file of /export
    export_too_large: str  # in place of that file: Telegram does not take so large a one
    delete_question: str  # after /delete_me
    delete_yes: str  # button
    delete_no: str  # button
    delete_kept: str  # after the second button

    def privacy(
        self, retention_days: int, outside: Sequence[Service], lookups: Sequence[str], operator: str
    ) -> str:
        """Say what is kept, why, how long and by whom.

        `outside` are the services for lists that are switched on, `lookups` the names of those for moods.
        """

    def terms(self, retention_days: int, operator: str) -> str:
        """Say under the first words how long readings are kept, and by whom."""

    def deleted(self, receipt: Mapping[str, int]) -> str:
        """Confirm that everything is erased: `receipt` counts the rows by table."""


class TroubleWords(Protocol):
    """Say what went wrong, that nothing is lost, and what to do next."""

    broken: str  # a fault of the program
    late: str  # in a draft: more is written than the bot can handle, and the answer comes later than usual
    too_slow: str  # a deadline was missed
    file_too_big: str
    file_gone: str  # Telegram did not hand a file over
    telegram_busy: str  # Telegram asks to wait long before it hands a file over
    interrupted: str  # nobody knows whether a message arrived; leads to the button
    send_again: str  # button: send it again
    nothing_to_send_again: str  # toast after that button: it was pressed before, or is older than a day

    def crisis(self, emergency: str, line: str | None) -> str:
        """Answer words of self-harm or a call for help: the numbers come first."""

    def busy(self, waiting: int) -> str:
        """Say that the queue is full."""

    def too_many(self, waiting: int) -> str:
        """Say that so many messages of this person wait, and that further ones are not taken until these are done."""


class Words(
    NameWords, StartWords, CheckinWords, TrackWords, PlaylistWords, OwnDataWords, TroubleWords, Protocol
):
    """Represent a language: all that Attune says."""
