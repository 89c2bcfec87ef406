"""The buttons under each kind of message."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.ui.presses import Action, Press, button
from bot.ui.words import Words
from domain import EMOTIONS, Emotion
from domain.readings import Modality
from music.sources.services.spotify import LIKED, OWN_AT_ONCE, OwnPage
from storage.models import Mode, Wish
from storage.playlists import Playlist

_MOST_PLAYLISTS = 40  # of two buttons each: Telegram takes at most 100
_MARK = " ✓"


def consent(words: Words, version: str) -> InlineKeyboardMarkup:
    """Offer to agree to this version of the words above, and to refuse."""
    agree = button(words.consent_yes, Action.CONSENT, "yes", version)
    return InlineKeyboardMarkup([[agree], [button(words.consent_no, Action.CONSENT, "no")]])


def read_now(words: Words, checkin_id: int) -> InlineKeyboardMarkup:
    """Offer to read what is there while the other modality is missing."""
    return InlineKeyboardMarkup([[button(words.read_now, Action.READ_NOW, checkin_id)]])


def stop(words: Words, number: int) -> InlineKeyboardMarkup:
    """Offer to stop what is being read; `number` says what."""
    return InlineKeyboardMarkup([[button(words.stop, Action.STOP, number)]])


def try_again(words: Words) -> InlineKeyboardMarkup:
    """Offer to read a medium again that could not be read for want of time or of room in the queue."""
    return InlineKeyboardMarkup([[button(words.try_again, Action.TRY_AGAIN)]])


def send_again(words: Words) -> InlineKeyboardMarkup:
    """Offer to send messages again of which nobody knows whether they arrived."""
    return InlineKeyboardMarkup([[button(words.send_again, Action.SEND_AGAIN)]])


def whose(words: Words) -> InlineKeyboardMarkup:
    """Ask whose face or voice something forwarded shows."""
    return InlineKeyboardMarkup(
        [
            [
                button(words.it_is_me, Action.WHOSE, "mine"),
                button(words.it_is_somebody_else, Action.WHOSE, "others"),
            ]
        ]
    )


def read_as_voice(words: Words) -> InlineKeyboardMarkup:
    """Offer to read an audio as a voice that was taken for music."""
    return InlineKeyboardMarkup([[button(words.as_voice, Action.READ_AS_VOICE)]])


def reading(
    words: Words, checkin_id: int, opposing: Mapping[Modality, Emotion] = MappingProxyType({})
) -> InlineKeyboardMarkup:
    """Offer what can follow a reading, and one answer to *Not quite right* for each of its `opposing` sides."""
    sides = [
        button(words.opposing_side(m, e), Action.CORRECT, checkin_id, e.value) for m, e in opposing.items()
    ]
    return InlineKeyboardMarkup(
        [
            *([sides] if sides else []),
            [
                button(words.match, Action.MATCH, checkin_id),
                button(words.regulate, Action.REGULATE, checkin_id),
            ],
            [button(words.not_quite_right, Action.NOT_RIGHT, checkin_id)],
        ]
    )


def correction(words: Words, checkin_id: int) -> InlineKeyboardMarkup:
    """Offer the seven emotions, to choose the one that a reading should have named."""
    return _emotions(words, Action.CORRECT, checkin_id)


def mood_choice(words: Words) -> InlineKeyboardMarkup:
    """Offer the seven emotions, to say how one is without any reading."""
    return _emotions(words, Action.TELL_MOOD)


def _emotions(words: Words, action: Action, *arguments: object) -> InlineKeyboardMarkup:
    buttons = [button(words.emotions[e].capitalize(), action, *arguments, e.value) for e in EMOTIONS]
    return InlineKeyboardMarkup([buttons[i : i + 2] for i in range(0, len(buttons), 2)])


def after_correction(words: Words, checkin_id: int) -> InlineKeyboardMarkup:
    """Offer what can follow a mood that was corrected or told."""
    return InlineKeyboardMarkup(
        [[button(words.match, Action.MATCH, checkin_id), button(words.regulate, Action.REGULATE, checkin_id)]]
    )


def thumbs(words: Words, play_ids: Sequence[int], checkin_id: int, wish: Wish) -> InlineKeyboardMarkup:
    """Offer a pair of thumbs for each track, more of the same, and to say how the tracks sound."""
    up, down = words.thumbs
    rows = [
        [button(f"{up} {n}", Action.THUMB, play, "up"), button(f"{down} {n}", Action.THUMB, play, "down")]
        for n, play in enumerate(play_ids, 1)
    ]
    last = [button(words.more, Action(wish), checkin_id), button(words.sounds_different, Action.ASK_SOUND)]
    return InlineKeyboardMarkup([*rows, last])


def rated_plays(markup: InlineKeyboardMarkup) -> list[int]:
    """Return the ids of the plays that a message has thumbs for, in their order."""
    presses = (Press.parse(str(row[0].callback_data)) for row in markup.inline_keyboard)
    return [press.number() or 0 for press in presses if press and press.action is Action.THUMB]


def quadrants(words: Words, plays: Sequence[tuple[int, int]]) -> InlineKeyboardMarkup:
    """Offer for each of some plays, (number, id), the quadrants of the plane in which its sound may lie."""
    return InlineKeyboardMarkup(
        [
            [
                button(f"{number} {sign}", Action.TELL_SOUND, play_id, quadrant.value)
                for quadrant, (sign, _) in words.quadrants.items()
            ]
            for number, play_id in plays
        ]
    )


def playlists(owned: Sequence[Playlist]) -> InlineKeyboardMarkup:
    """Offer to use and to remove each of the latest playlists; a dot marks what is in use."""
    return InlineKeyboardMarkup(
        [
            [
                button(
                    f"{'● ' if p.active else ''}{p.name[:40]} ({p.track_count})", Action.USE_PLAYLIST, p.id
                ),
                button("✕", Action.REMOVE_PLAYLIST, p.id),
            ]
            for p in owned[-_MOST_PLAYLISTS:]
        ]
    )


def login(words: Words, url: str) -> InlineKeyboardMarkup:
    """Lead to the page of a service where people log in."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(words.log_in, url=url)]])


def spotify_lists(words: Words, page: OwnPage) -> InlineKeyboardMarkup:
    """Offer the liked songs, a page of a person's lists at Spotify, and the pages before and after it."""
    choices = [(LIKED, words.liked_songs), *((own.id, own.name) for own in page.lists)]
    rows = [
        [button(name[:40] or identifier, Action.IMPORT_PLAYLIST, identifier)] for identifier, name in choices
    ]
    back, on = words.page_turns
    turns = [button(back, Action.TURN_PAGE, max(0, page.offset - OWN_AT_ONCE))] if page.offset else []
    turns += [button(on, Action.TURN_PAGE, page.offset + OWN_AT_ONCE)] if page.more else []
    return InlineKeyboardMarkup([*rows, turns] if turns else rows)


def delete(words: Words, asked: datetime) -> InlineKeyboardMarkup:
    """Ask, at the moment `asked`, whether everything shall be erased."""
    erase = button(words.delete_yes, Action.ERASE, "yes", int(asked.timestamp()))
    return InlineKeyboardMarkup([[erase], [button(words.delete_no, Action.ERASE, "no")]])


def privacy(words: Words) -> InlineKeyboardMarkup:
    """Offer those who agreed to withdraw their consent: the way out is as short as the way in."""
    return InlineKeyboardMarkup([[button(words.withdraw, Action.CONSENT, "no")]])


def modes(words: Words, present: Mode) -> InlineKeyboardMarkup:
    """Offer what may follow a reading; a dot marks what does at present."""
    return InlineKeyboardMarkup(
        [
            [
                button(f"{'● ' if m == present else ''}{words.mode_names[m]}", Action.CHOOSE_MODE, m)
                for m in get_args(Mode)
            ]
        ]
    )


def with_thumb_marked(markup: InlineKeyboardMarkup, play_id: int, up: bool) -> InlineKeyboardMarkup:
    """Copy the buttons with a mark on the thumb that a track got, and none on its other one."""
    return InlineKeyboardMarkup(
        [[_marked(each, play_id, up) for each in row] for row in markup.inline_keyboard]
    )


def _marked(given: InlineKeyboardButton, play_id: int, up: bool) -> InlineKeyboardButton:
    press = Press.parse(str(given.callback_data))
    if press is None or press.action is not Action.THUMB or press.number() != play_id:
        return given
    pressed = press.arguments[1:] == ("up" if up else "down",)
    label = given.text.removesuffix(_MARK) + (_MARK if pressed else "")
    return InlineKeyboardButton(label, callback_data=given.callback_data)
