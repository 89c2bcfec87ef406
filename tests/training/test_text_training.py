"""What is learned from lines besides their words: which of them are known, emoji alone, what English sounds like."""

from pathlib import Path

import numpy as np
import pytest

from inference.text.features import word_id
from training.export import LABELS
from training.files import BadData
from training.text import language, linear, lines
from training.text.data import Lines


def test_words_of_two_lines_and_emoji_of_five_are_known() -> None:
    texts = ["glad glad", "so 😢", "so 😞", "😢", "😢", "😢", "! 🎂"]
    assert linear.known(texts).tolist() == sorted([word_id("so"), word_id("😢")])


def test_a_line_with_emoji_teaches_once_more_as_these_alone() -> None:
    taught = linear.with_emoji_alone(Lines(["how sad 😞 😢!", "fine"], np.eye(7)[[5, 4]]))
    assert taught.texts == ["how sad 😞 😢!", "fine", "😢 😢"]
    assert taught.labels.tolist() == [5, 4, 5]


def test_the_odds_of_english_are_learned() -> None:
    english, foreign = ["I feel so very sad today"] * 30, ["ich fühle mich heute traurig"] * 30
    known = frozenset(word_id(word) for word in english[0].lower().split())
    by_sound, by_words, _ = language.fit(english, foreign, known)
    assert by_sound > 0
    assert by_words > 0


def test_translations_have_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"gtk20\.mo"):
        language.translations(tmp_path, language.COUNTED)


def test_the_lines_are_many_and_of_known_emotions() -> None:
    assert len(lines.english()) > 150
    assert len(lines.foreign()) > 400
    assert {label for _, wanted in lines.negated() for label in wanted} <= set(LABELS)
