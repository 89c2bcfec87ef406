"""Word a choice of tracks as messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.delivery import messages
from bot.delivery.messages import Message
from bot.ui import keyboards, pictures
from bot.ui.words import Words
from domain import Affect, Emotion, Goal
from music.selection import Choice
from music.track_links import listen_link
from storage.models import Wish


@dataclass(frozen=True, slots=True)
class TrackList:
    """Hold the tracks chosen for a check-in, and what is said above them.

    `playlist` is its name, or the names of all that are active; with a `goal` the tracks lead there from `start`.
    `sent_before` and `unknown` count the tracks that were left out since they were sent for this mood already, and
    since their mood is not known.
    """

    checkin_id: int
    mode: Wish
    emotion: Emotion
    start: Affect
    goal: Goal | None
    playlist: str
    choices: Sequence[Choice]
    sent_before: int
    unknown: int


def messages_of(tracks: TrackList, play_ids: Sequence[int], words: Words) -> list[Message]:
    """Make the picture of the path, a heading with the tracks to open, albums of those to play, and the thumbs."""
    if not tracks.choices:
        return [messages.text(words.no_more)]
    numbered = list(enumerate(tracks.choices, 1))
    files = [(c.track.file_id, words.track(n, c, None)) for n, c in numbered if c.track.file_id]
    links = [words.track(n, c, listen_link(c.track)) for n, c in numbered if not c.track.file_id]
    text = "\n\n".join([_heading(tracks, words), *links])
    buttons = keyboards.thumbs(words, play_ids, tracks.checkin_id, tracks.mode)
    if not files:
        return [*_picture(tracks, words), messages.text(text, buttons)]
    played = [messages.text(text), *messages.audios(files), messages.text(words.thumbs_question, buttons)]
    return [*_picture(tracks, words), *played]


def _picture(tracks: TrackList, words: Words) -> list[Message]:
    if tracks.goal is None:
        return []
    title = words.path_title(tracks.emotion, tracks.goal)
    picture = pictures.path_card(tracks.start, tracks.goal, tracks.choices, title, words)
    return [messages.card(picture, words.path_caption)]


def _heading(tracks: TrackList, words: Words) -> str:
    left_out = words.left_out(tracks.sent_before, tracks.unknown)
    return "\n".join(filter(None, [_title(tracks, words), left_out]))


def _title(tracks: TrackList, words: Words) -> str:
    if tracks.goal is None:
        return words.match_title(tracks.emotion, tracks.playlist)
    return words.regulate_title(tracks.emotion, tracks.goal, tracks.playlist)
