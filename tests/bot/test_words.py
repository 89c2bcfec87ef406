"""What a reading's words convey: how sure, from what, what is doubtful, and how to say no."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.ui.pictures import reading_caption
from bot.ui.words import words_for
from domain import Emotion, Posterior
from inference import FusionRules, ModalityReading, fuse

WORDS, RULES = words_for("en"), FusionRules()
HAPPY = ModalityReading(Posterior.of((1, 0.5, 0.5, 90, 6, 1, 1)), {"weight": 1.0})
SAD = ModalityReading(Posterior.of((1, 1, 1, 1, 4, 91, 1)), {"weight": 1.0})
UNSURE = ModalityReading(Posterior.of((1.0,) * 6 + (1.1,)), {"weight": 1.0})
NOISY = ModalityReading(HAPPY.posterior, {"weight": 0.4}, ("less_noise",))


def test_a_sure_reading_says_how_sure_from_what_and_what_it_is_not() -> None:
    said = reading_caption(fuse(HAPPY, HAPPY, RULES), WORDS)
    assert said.startswith("<b>Mostly happy</b> (quite sure, over 99%)")
    assert "(quite sure, 9" in reading_caption(fuse(HAPPY, None, RULES), WORDS)
    assert "It rests on your face and your voice." in said
    assert "not what you feel, and no diagnosis" in said


def test_an_unsure_one_names_two_and_asks() -> None:
    said = reading_caption(fuse(UNSURE, None, RULES), WORDS)
    assert said.startswith("<b>Perhaps ")
    assert "not sure" in said
    assert "I can't tell well" in said
    assert "Not quite right" in said


def test_contradicting_sides_are_both_named_with_a_question_and_without_a_number() -> None:
    touchy = FusionRules(contradiction=0.99)
    said = reading_caption(fuse(HAPPY, SAD, touchy), WORDS)
    assert said.startswith(
        "<b>Perhaps happy, perhaps sad</b> (your face and your voice say different things)\n"
    )
    assert "Your face: happy, your voice: sad. Which is nearer to how you are? I can't tell." in said
    assert [wrong for wrong in ("%", "Mostly", "quite sure", "fairly sure") if wrong in said] == []
    said = reading_caption(fuse(HAPPY, None, touchy, text=SAD), WORDS)
    assert "(your face and your words say different things)" in said
    assert "Your face: happy, your words: sad." in said


def test_what_contradicts_itself_is_said_so_whoever_made_the_models() -> None:
    guessed = replace(SAD, calibrated=False)
    said = reading_caption(fuse(HAPPY, guessed, FusionRules(contradiction=0.99)), WORDS)
    assert "say different things" in said


def test_what_counted_for_less_is_named_and_what_would_help() -> None:
    said = reading_caption(fuse(HAPPY, NOISY, RULES), WORDS)
    assert "Your voice counted for less" in said
    assert "find a quieter place" in said
    assert "counted for less" not in reading_caption(fuse(HAPPY, HAPPY, RULES), WORDS)


@pytest.mark.parametrize("kind", ["face", "voice", "video", "live"])
def test_the_place_in_the_queue_is_said_where_there_is_one(kind: str) -> None:
    assert "before it" not in WORDS.received(kind, 0)
    assert "1 other comes before it." in WORDS.received(kind, 1)
    assert "7 others come before it." in WORDS.received(kind, 7)


def test_a_moment_is_said_in_the_zone_that_the_picture_names() -> None:
    in_berlin = datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert WORDS.moment(in_berlin) == "30 Nov, 23:30"
    assert "UTC" in WORDS.history_legend


PRIVACY = WORDS.privacy(365, (), (), "Ana & Co")
DISAGREEING = reading_caption(fuse(HAPPY, SAD, FusionRules(contradiction=0.99)), WORDS)


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            WORDS.start,
            ("<i>express</i>", "What is kept", "never stored", "works without them", "before you agree"),
        ),
        (WORDS.terms(365, "Ana & Co"), ("365 days", "run by Ana &amp; Co")),
        (
            reading_caption(fuse(HAPPY, None, RULES), WORDS),
            ("A guess", "no diagnosis", "sure, 9", "It rests on your face."),
        ),
        (
            reading_caption(fuse(UNSURE, None, RULES), WORDS),
            ("not sure, ", "I can't tell well", "Not quite right"),
        ),
        (DISAGREEING, ("Your face: happy, your voice: sad", "?", "It rests on your face and your voice")),
        (
            WORDS.corrected(Emotion.SAD),
            ("go by that from here", "/history", "later readings", "/forget_corrections"),
        ),
        (
            WORDS.confirmed(Emotion.SAD),
            ("sad", "leaned", "go by that from here", "/history", "later readings", "/forget_corrections"),
        ),
        (
            WORDS.help(30),
            (
                "is your choice",
                "music may help",
                "nobody can promise",
                "/forget_corrections",
                "/privacy",
                "/export",
                "/delete_me",
            ),
        ),
        (WORDS.left_out(5, 1), ("5 sent for this mood already", "1 whose mood I do not know")),
        (
            PRIVACY,
            (
                "wrong, more often in bad light",
                "/export",
                "/delete_me",
                "work, school",
                "under 16",
                "Telegram",
            ),
        ),
        (WORDS.crisis("112", "142"), ("Emergency: 112", "142", "findahelpline.com", "I cannot call help")),
        (WORDS.start, ("Only your own face and voice", "16 years")),
        (WORDS.busy(3), ("Nothing is lost", "try again")),
        (WORDS.too_many(200), ("200", "send the others again")),
    ],
)
def test_what_people_must_be_told_is_said(said: str, parts: tuple[str, ...]) -> None:
    """What it reads, how surely, and whose choice it is; each in the words where it matters."""
    assert [part for part in parts if part not in said] == []


def test_nothing_is_said_to_be_left_out_where_nothing_is() -> None:
    assert WORDS.left_out(0, 0) == ""


def test_a_receipt_counts_by_kind_and_hides_nothing() -> None:
    said = WORDS.deleted({"checkins": 1, "plays": 5, "tracks": 12, "outbox": 30, "moods": 12})
    assert "60 entries" in said
    assert "1 check-in, 5 tracks sent, 12 tracks in them, 42 inner entries" in said
