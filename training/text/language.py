"""Fit what lets English lines in and keeps others out to pieces of lines, and count it on others.

Lines in other languages are a program's translated messages (gettext's .mo files, as GTK and GLib install them): a
machine with a desktop has them in /usr/share/locale.
"""

import gettext
import random
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from inference.errors import Code, Unreadable
from inference.text.features import tokens
from inference.text.language import identifier_log_odds, known_word_share
from inference.text.model import TextModel
from training.files import BadData

FITTED, COUNTED = "glib20", "gtk20"  # programs
LANGUAGES = "de nl fr es it pt pl sv da nb fi cs hu ro tr id vi hr ru"
_EACH = 150  # lines of a language
_LENGTHS = (1, 2, 3, 4, 6, 99)  # words of the pieces


def translations(folder: Path, program: str) -> list[str]:
    """Read messages of three words and more that one language alone has, about as many of each.

    Raises BadData.
    """
    found = [line for language in LANGUAGES.split() for line in _messages(folder, program, language)]
    return [
        line for line, count in Counter(found).items() if count == 1
    ]  # others are names, left as they were


def fit(english: list[str], foreign: list[str], known: frozenset[int]) -> tuple[float, float, float]:
    """Fit BY_LETTERS, BY_WORDS and INTERCEPT of inference.text.language to short pieces of the lines.

    English and foreign pieces count alike.
    """
    features = [_features(piece, known) for piece in _pieces(english) + _pieces(foreign)]
    labels = np.arange(len(features)) < len(english)
    regression = LogisticRegression(C=10, class_weight="balanced").fit(np.array(features), labels)
    by_letters, by_words = regression.coef_[0]
    return float(by_letters), float(by_words), float(regression.intercept_[0])


def passing(model: TextModel, lines: list[str]) -> float:
    """Return the share of lines, 0..1, that are not left out as another language."""
    return float(np.mean([_passes(model, line) for line in lines]))


def _passes(model: TextModel, line: str) -> bool:
    try:
        model.read(line.encode())
    except Unreadable as refused:
        return refused.code is not Code.NOT_ENGLISH
    return True


def _features(line: str, known: frozenset[int]) -> tuple[float, float]:
    return identifier_log_odds(line), known_word_share(tokens(line), known)


def _pieces(lines: list[str]) -> list[str]:
    draw = random.Random(1)
    return [" ".join(line.split()[: draw.choice(_LENGTHS)]) for line in lines]


def _messages(folder: Path, program: str, language: str) -> list[str]:
    path = folder / language / "LC_MESSAGES" / f"{program}.mo"
    try:
        with path.open("rb") as file:
            pairs = vars(gettext.GNUTranslations(file))["_catalog"].items()
    except OSError as error:
        raise BadData(f"{path}: {error}") from error
    texts = [text for key, text in pairs if key and isinstance(text, str) and text != key]
    plain = [" ".join(text.replace("_", "").split()) for text in texts if len(text.split()) > 2]
    return random.Random(1).sample(plain, min(_EACH, len(plain)))
