"""A language says everything: what it lacks is found before anybody hears English instead."""

from pathlib import Path

import pytest
from mypy import api

from bot.ui.words import LANGUAGES, protocol

ROOT = Path(__file__).parents[2]
ALMOST_ENGLISH = """
from bot.ui.words.en import (
    CheckinWords, English, OwnDataWords, PlaylistWords, StartWords, TrackWords, TroubleWords,
)
from bot.ui.words.protocol import Words


class TroubleWithoutBusy:
    broken, too_slow = TroubleWords.broken, TroubleWords.too_slow
    file_too_big, file_gone = TroubleWords.file_too_big, TroubleWords.file_gone
    crisis = TroubleWords.crisis


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


def test_a_language_that_lacks_a_sentence_fails_the_type_checker(tmp_path: Path) -> None:
    module = tmp_path / "almost_english.py"
    module.write_text(ALMOST_ENGLISH)
    # What the words import from elsewhere is skipped, which takes seconds instead of a minute.
    flags = ["--config-file=", "--follow-imports=skip", "--explicit-package-bases", f"--cache-dir={tmp_path}"]
    known = [file for package in ("domain", "bot/ui/words") for file in (ROOT / package).rglob("*.py")]
    said, broken, _ = api.run([*flags, *map(str, known), str(module)])
    assert not broken
    assert said.count("error:") == 1
    assert '"AlmostEnglish" is missing following "Words" protocol member:' in said
    assert said.split("note:")[-1].split()[0] == "busy"
