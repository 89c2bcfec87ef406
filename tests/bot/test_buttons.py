"""Commands, routes and buttons fit together."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.handlers.routes import COMMANDS, PRESSES, WITHOUT_CONSENT
from bot.ui import keyboards, presses
from bot.ui.presses import Action, Press
from bot.ui.words import LANGUAGES, words_for
from domain import EMOTIONS, Emotion
from music.sources.services.spotify import OwnPage, OwnPlaylist
from storage.playlists import Playlist

BIG = 10**16  # an id far beyond any that a database gives
WORDS = words_for("en")
OWNED = [Playlist(BIG + n, BIG, "name " * 20, "file", None, n == 0, 5000) for n in range(120)]
KEYBOARDS: dict[str, InlineKeyboardMarkup] = {
    "consent": keyboards.consent(WORDS, "2026-11"),
    "half": keyboards.read_now(WORDS, BIG),
    "reading": keyboards.reading(WORDS, BIG),
    "contradiction": keyboards.reading(WORDS, BIG, {"voice": Emotion.DISGUST, "text": Emotion.SURPRISE}),
    "emotions": keyboards.correction(WORDS, BIG),
    "corrected": keyboards.after_correction(WORDS, BIG),
    "thumbs": keyboards.thumbs(WORDS, [BIG] * 5, BIG, "regulate"),
    "quadrants": keyboards.quadrants(WORDS, [(n, BIG) for n in range(1, 6)]),
    "playlists": keyboards.playlists(OWNED),
    "delete": keyboards.delete(WORDS, datetime(2026, 11, 29, tzinfo=UTC)),
    "stop": keyboards.stop(WORDS, BIG),
    "again": keyboards.try_again(WORDS),
    "interrupted": keyboards.send_again(WORDS),
    "whose": keyboards.whose(WORDS),
    "moods": keyboards.mood_choice(WORDS),
    "modes": keyboards.modes(WORDS, "ask"),
    "privacy": keyboards.privacy(WORDS),
    "own lists": keyboards.spotify_lists(
        WORDS, OwnPage((OwnPlaylist("o" * 22, "n" * 80),) * 50, 100_000, True)
    ),
    "other use": keyboards.read_as_voice(WORDS),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_in_the_menu_is_handled_and_the_other_way_round(language: str) -> None:
    assert {command.name for command in LANGUAGES[language].commands} == set(COMMANDS)


@pytest.mark.parametrize("name", KEYBOARDS)
def test_buttons_fit_and_mean_what_is_handled(name: str) -> None:
    rows = KEYBOARDS[name].inline_keyboard
    buttons = list(itertools.chain.from_iterable(rows))
    assert 1 <= len(buttons) <= 100
    assert max(map(len, rows)) <= 8
    for button in buttons:
        assert isinstance(button.callback_data, str)
        assert 1 <= len(button.callback_data.encode()) <= 64
        assert button.text
        press = Press.parse(button.callback_data)
        assert press is not None
        assert press.action in PRESSES | WITHOUT_CONSENT


def test_every_action_of_a_button_is_handled_once() -> None:
    assert set(PRESSES) | set(WITHOUT_CONSENT) == set(Action)
    assert not set(PRESSES) & set(WITHOUT_CONSENT)


@pytest.mark.parametrize(
    ("data", "action"),
    [
        ("v1|consent|yes", Action.CONSENT),
        ("v1|erase|no", Action.ERASE),
        ("v1|read|12", Action.READ_NOW),
        ("v1|stop|12", Action.STOP),
        ("v1|again", Action.TRY_AGAIN),
        ("v1|whose|mine", Action.WHOSE),
        ("v1|as_voice", Action.READ_AS_VOICE),
        ("v1|match|12", Action.MATCH),
        ("v1|regulate|12", Action.REGULATE),
        ("v1|feel|sad", Action.TELL_MOOD),
        ("v1|wrong|12", Action.NOT_RIGHT),
        ("v1|is|12|sad", Action.CORRECT),
        ("v1|thumb|12|up", Action.THUMB),
        ("v1|sounds", Action.ASK_SOUND),
        ("v1|sound|12|low", Action.TELL_SOUND),
        ("v1|mode|ask", Action.CHOOSE_MODE),
        ("v1|use|12", Action.USE_PLAYLIST),
        ("v1|drop|12", Action.REMOVE_PLAYLIST),
        ("v1|take|liked", Action.IMPORT_PLAYLIST),
        ("v1|own|50", Action.TURN_PAGE),
        ("v1|resend", Action.SEND_AGAIN),
    ],
)
def test_buttons_that_stay_in_chats_keep_their_meaning(data: str, action: Action) -> None:
    press = Press.parse(data)
    assert press is not None
    assert press.action is action
    assert presses.button("", press.action, *press.arguments).callback_data == data


@pytest.mark.parametrize("data", [None, "", "v1", "v1|", "v1|dance", "v0|read|12", "read|12"])
def test_data_of_no_button_of_ours_is_no_press(data: str | None) -> None:
    assert Press.parse(data) is None


def test_a_button_says_what_it_was_given() -> None:
    (row,) = KEYBOARDS["half"].inline_keyboard
    press = Press.parse(str(row[0].callback_data))
    assert press == Press(Action.READ_NOW, (str(BIG),))
    assert press.number() == BIG


def test_all_emotions_are_offered() -> None:
    offered = [
        str(b.callback_data).rsplit("|", 1)[1] for row in KEYBOARDS["emotions"].inline_keyboard for b in row
    ]
    assert offered == [emotion.value for emotion in EMOTIONS]


def test_between_sides_that_contradict_each_other_there_is_a_button_for_each() -> None:
    choice, *usual = KEYBOARDS["contradiction"].inline_keyboard
    assert [b.text for b in choice] == ["Disgusted (my voice)", "Surprised (my words)"]
    # The answer is the one that *Not quite right* takes.
    assert [b.callback_data for b in choice] == [f"v1|is|{BIG}|disgust", f"v1|is|{BIG}|surprise"]
    assert tuple(usual) == KEYBOARDS["reading"].inline_keyboard


def test_a_mark_stays_on_one_thumb_of_one_track() -> None:
    plain = keyboards.thumbs(WORDS, [1, 2], 7, "match")
    up = keyboards.with_thumb_marked(plain, 1, True)
    labels = [b.text for row in up.inline_keyboard for b in row]
    assert labels == ["👍 1 ✓", "👎 1", "👍 2", "👎 2", "More", "Sounds different?"]
    down = keyboards.with_thumb_marked(up, 1, False)
    assert [b.text for b in down.inline_keyboard[0]] == ["👍 1", "👎 1 ✓"]
    assert [b.callback_data for row in down.inline_keyboard for b in row] == [
        b.callback_data for row in plain.inline_keyboard for b in row
    ]


@given(st.text(max_size=70) | st.text(max_size=60).map("v1|match|".__add__) | st.none())
def test_whatever_comes_back_is_a_press_or_nothing(data: str | None) -> None:
    press = Press.parse(data)
    assert press is None or isinstance(press.action, str)
    number = press.number() if press else None
    assert number is None or 0 <= number < 2**63


def test_languages_without_words_get_english() -> None:
    assert words_for(None) is words_for("xx") is words_for("EN-gb") is WORDS
