"""A language says everything: what it lacks is found before anybody hears English instead."""

import itertools
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mypy import api

from bot.ui.words import LANGUAGES, protocol
from bot.ui.words.en.trouble import TroubleWords
from bot.updates.media import Kind
from domain import Affect, Emotion, Goal
from domain.readings import MODALITIES
from domain.tracks import MoodSource, Track, TrackMood
from inference.errors import Code
from music.moods.quadrant_answers import Quadrant
from music.selection import Candidate, Choice, Reason, ReasonKind
from music.sources.links import Service
from storage.models import Mode

ROOT = Path(__file__).parents[2]
ALMOST_ENGLISH = """
from bot.ui.words.en import (
    CheckinWords, English, OwnDataWords, PlaylistWords, StartWords, TrackWords, TroubleWords,
)
from bot.ui.words.protocol import Words


class TroubleWithoutBusy:
{trouble}


class AlmostEnglish(StartWords, CheckinWords, TrackWords, PlaylistWords, OwnDataWords, TroubleWithoutBusy):
    commands = English.commands


complete: Words = English()
lacking: Words = AlmostEnglish()
"""


def _demanded() -> set[str]:
    """The members of the Protocol, of all topics."""
    topics = [topic for topic in protocol.Words.__mro__ if topic.__module__ == protocol.__name__]
    return {
        name
        for topic in topics
        for name in (*vars(topic), *topic.__annotations__)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_what_is_asked_of_it_and_nothing_else(language: str) -> None:
    assert {name for name in dir(LANGUAGES[language]) if not name.startswith("_")} == _demanded()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_every_value(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.emotions) == set(Emotion)
    assert set(words.quadrants) == set(Quadrant)
    assert set(words.modes) == set(words.mode_names) == set(get_args(Mode))
    assert set(words.replaced) == set(MODALITIES)
    assert set(words.asks_other) == set(words.still_waiting) == {"face", "voice"}
    assert all(words.received(kind, 1) for kind in get_args(Kind))
    assert all(map(words.unreadable, Code))
    assert all(map(words.other_service, Service))
    assert all(map(words.sound_noted, Quadrant))
    assert all(words.opposing_side(*side) for side in itertools.product(MODALITIES, Emotion))
    assert all(words.path_title(*ends) for ends in itertools.product(Emotion, Goal))


SIDE = st.floats(-1, 1)
REASONS = st.builds(
    Reason,
    st.sampled_from(ReasonKind),
    st.just(1),
    st.just(5),
    st.sampled_from(MoodSource),
    SIDE,
    st.booleans(),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(point=st.builds(Affect, SIDE, SIDE), reason=REASONS)
def test_a_language_can_say_why_any_track_was_chosen(language: str, point: Affect, reason: Reason) -> None:
    candidate = Candidate(1, Track("Title", "Artist"), TrackMood(point, 0.1, 0.1, reason.source))
    assert "Title" in LANGUAGES[language].track(1, Choice(candidate, point, reason), None)


def test_a_language_that_lacks_a_sentence_fails_the_type_checker(tmp_path: Path) -> None:
    module = tmp_path / "almost_english.py"
    others = [name for name in vars(TroubleWords) if not name.startswith("_") and name != "busy"]
    trouble = "\n".join(f"    {name} = TroubleWords.{name}" for name in others)
    module.write_text(ALMOST_ENGLISH.replace("{trouble}", trouble))
    # What the words import from elsewhere is skipped, which takes seconds instead of a minute.
    flags = ["--config-file=", "--follow-imports=skip", "--explicit-package-bases", f"--cache-dir={tmp_path}"]
    known = [file for package in ("domain", "bot/ui/words") for file in (ROOT / package).rglob("*.py")]
    said, broken, _ = api.run([*flags, *map(str, known), str(module)])
    assert not broken
    assert said.count("error:") == 1
    assert '"AlmostEnglish" is missing following "Words" protocol member:' in said
    assert said.split("note:")[-1].split()[0] == "busy"
