"""Tell whether a line is English: by its letters with py3langid, and, as short lines tell that little, by its words."""

import math
import re
from collections.abc import Set as AbstractSet
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from inference.text.features import word_id

ENGLISH_FROM = 0.5  # from this probability on a line is read
# Log odds of English: by py3langid's, by the share of known words, and without either. `python -m training.text
# count` fits them and counts what passes.
BY_LETTERS, BY_WORDS, INTERCEPT = 0.95, 5.7, -1.0
# The languages that people type in, of py3langid's 140: rare ones took short English lines.
_LANGUAGES = (
    "en de nl fr es it pt pl sv da no nn fi cs sk hu ro tr id ms vi tl hr sr bs sl ca ru uk bg el ar he fa hi bn ta "
    "te ur ja ko zh th et lv lt sq mk is eu gl sw"
)
# English words that are as common elsewhere, mostly with another meaning: alone they say nothing of the language.
_FOREIGN_TOO = re.compile(
    "also|an|arg|arm|art|bang|bien|bin|bra|content|dan|de|den|die|el|es|fast|fin|gut|hat|la|le|mal|male|rat|sale|sam|"
    "so|sola|sole|solo|super|toll|trist|triste|un|una|war"
)


def english_probability(text: str, words: list[str], known: AbstractSet[int]) -> float:
    """Return the probability, 0..1, that a line with these tokens is English; `known` are ids of English words."""
    by_letters, by_words = BY_LETTERS * identifier_log_odds(text), BY_WORDS * known_word_share(words, known)
    return 1 / (1 + math.exp(-(by_letters + by_words + INTERCEPT)))


def identifier_log_odds(text: str) -> float:
    """Return py3langid's log odds, -21..21, that a line is English rather than another language."""
    share = float(dict(_identifier().rank(text)).get("en", 0.0))
    return math.log(max(share, 1e-9) / max(1 - share, 1e-9))


def known_word_share(words: list[str], known: AbstractSet[int]) -> float:
    """Return the share, 0..1, of known English words among those that tell of a language; 0 where none tells."""
    telling = [word for word in words if word[0].isalpha() and not _FOREIGN_TOO.fullmatch(word)]
    return sum(_is_known(word, known) for word in telling) / max(len(telling), 1)


def _is_known(word: str, known: AbstractSet[int]) -> bool:
    return word_id(word) in known or (word.endswith("in") and word_id(f"{word}g") in known)  # feelin'


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())
    return identifier
