"""The pictures of a walk and of the last moods."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageColor

from bot.ui import pictures
from bot.ui.cards import (
    HistoryCard,
    Moment,
    PathCard,
    as_dict,
    canvas,
    draw_history,
    draw_path,
    draw_stored,
    from_dict,
    plane,
)
from bot.ui.cards.canvas import MARGIN, PAPER, TOGETHER, VOICE, WIDTH
from bot.ui.cards.history import MAX_MOMENTS
from bot.usecases.personal_state import emotions_of
from domain import Affect, Emotion
from domain.readings import StoredReading
from inference import FusionRules, Reading, fuse
from tests.bot import test_personal_bias
from tests.bot.test_cards import ENGLISH, assert_looks_like, pixels, where
from tests.bot.test_words import HAPPY, RULES, SAD, UNSURE, WORDS
from tests.examples import times

AXES = ("unpleasant", "pleasant", "calm", "stirred")
WALK = PathCard(
    "From sad towards joy",
    "numbers: your tracks as I believe them to be; dots: the way",
    ENGLISH,
    AXES,
    ((-0.7, -0.3), (-0.5, -0.2), (-0.2, 0.0), (0.1, 0.1), (0.4, 0.3), (0.6, 0.4), (0.75, 0.45)),
    ((-0.6, -0.4), (-0.3, -0.1), None, (0.45, 0.2), (0.65, 0.5)),
)
MOODS = HistoryCard(
    "Your last moods",
    "violet: as I read them; green: as you told me; times are UTC",
    ENGLISH,
    AXES,
    (
        Moment("3 Nov, 08:05", "perhaps sad", -0.6, -0.3, False),
        Moment("9 Nov, 23:40", "afraid", -0.5, 0.6, True),
        Moment("12 Nov, 12:00", "perhaps neutral", 0.0, -0.1, False),
        Moment("21 Nov, 18:31", "perhaps happy", 0.7, 0.4, False),
    ),
)
points = st.tuples(st.floats(-1, 1), st.floats(-1, 1))
few = settings(max_examples=times(0.15), deadline=None)


def test_a_walk_looks_like_the_stored_example(tmp_path: Path) -> None:
    assert_looks_like("path", draw_path(WALK), tmp_path)


def test_moods_look_like_the_stored_example(tmp_path: Path) -> None:
    assert_looks_like("history", draw_history(MOODS), tmp_path)


@few
@given(way=st.lists(points, min_size=2, max_size=8), tracks=st.lists(points | st.none(), max_size=5))
def test_nothing_of_a_walk_leaves_the_margins(
    way: list[tuple[float, float]], tracks: list[tuple[float, float] | None]
) -> None:
    picture = pixels(draw_path(replace(WALK, way=tuple(way), tracks=tuple(tracks))))
    edges = np.concatenate([picture[:, : MARGIN - 8], picture[:, WIDTH - MARGIN + 8 :]], axis=1)
    assert (edges == ImageColor.getrgb(PAPER)).all()


def test_tracks_of_unknown_mood_have_no_place() -> None:
    nowhere = pixels(draw_path(replace(WALK, tracks=(None,) * 5)))
    assert not where(nowhere, TOGETHER).any()


def test_what_was_told_is_told_apart_from_what_was_read() -> None:
    read = replace(MOODS, moments=tuple(replace(m, told=False) for m in MOODS.moments))
    told = replace(MOODS, moments=tuple(replace(m, told=True) for m in MOODS.moments))
    assert not where(pixels(draw_history(read)), VOICE).any()
    assert not where(pixels(draw_history(told)), TOGETHER).any()


@pytest.mark.parametrize("count", [1, MAX_MOMENTS])
def test_each_mood_makes_the_picture_longer_by_a_row(count: int) -> None:
    one = pixels(draw_history(replace(MOODS, moments=MOODS.moments[:1])))
    many = pixels(draw_history(replace(MOODS, moments=(MOODS.moments * 2)[:count])))
    assert len(many) - len(one) == (count - 1) * 64


@pytest.mark.parametrize("card", [WALK, MOODS])
def test_cards_survive_json(card: PathCard | HistoryCard) -> None:
    stored = json.loads(json.dumps(as_dict(card)))
    assert from_dict(stored) == card
    assert pixels(draw_stored(stored)).shape[1] == WIDTH


@pytest.mark.parametrize(
    ("card", "wrong"),
    [
        (WALK, {"way": [[0.0, 0.0]]}),
        (WALK, {"tracks": [[0.0, 1.5]]}),
        (WALK, {"labels": ["happy"]}),
        (MOODS, {"moments": []}),
        (MOODS, {"moments": [as_dict(MOODS)["moments"][0]] * (MAX_MOMENTS + 1)}),
    ],
)
def test_an_impossible_card_is_refused(card: PathCard | HistoryCard, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needed|out of range"):
        from_dict(as_dict(card) | wrong)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in ImageColor.getrgb(colour)[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ink", [canvas.INK, canvas.MUTED])
@pytest.mark.parametrize("paper", [PAPER, *plane.QUADRANT_COLOURS])
def test_words_stand_out_from_every_ground(ink: str, paper: str) -> None:
    """4.5 to 1, as WCAG asks for small letters; the cards bring their own ground, in light and dark alike."""
    assert (luminance(paper) + 0.05) / (luminance(ink) + 0.05) >= 4.5


def test_a_kind_that_nobody_draws_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_stored({"kind": "portrait"})


def moment(reading: Reading | None, said: Emotion | None = None, *, old: bool = False) -> str:
    """What the history says of a reading, and of what the person said; `old` ones named no candidates."""
    values = reading.as_dict() if reading else None
    if values and old:
        del values["candidates"]
    stored = StoredReading.from_dict(values) if values else None
    checkin = replace(test_personal_bias.read(said, face=None), reading=stored)
    shown = pictures.history_card([(checkin, Affect(0, 0), emotions_of(checkin))], WORDS)
    return shown.moments[0].what


def test_a_mood_has_one_name_or_two_until_the_person_has_said_which() -> None:
    apart = fuse(HAPPY, SAD, FusionRules(contradiction=0.99))
    assert moment(apart) == "perhaps happy, perhaps sad"
    assert moment(apart, Emotion.SAD) == "sad"
    assert moment(fuse(UNSURE, None, RULES)) == "perhaps surprised, perhaps angry"
    assert moment(fuse(HAPPY, None, RULES)) == moment(fuse(HAPPY, None, RULES), old=True) == "perhaps happy"
    assert moment(None, Emotion.FEAR) == "afraid"
