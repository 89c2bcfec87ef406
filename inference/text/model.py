"""Read a typed line by a linear map of its words and word pairs."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from domain import EMOTIONS, Posterior
from domain.readings import ModalityReading
from inference.bundles import BadBundle, open_bundle
from inference.clock import Stopwatch
from inference.errors import Code, Fault, Unreadable
from inference.fusion.rules import softmax
from inference.text.features import MAX_CHARACTERS, hashed_terms, tokens, word_id
from inference.text.language import ENGLISH_FROM, english_probability, identifier_log_odds

WEIGHT, BIAS, KNOWN = "weight", "bias", "known"


class TextModel:
    """Read English lines."""

    def __init__(self, folder: Path) -> None:
        """Load a bundle: weight [count, 7], bias [7], ids of known words and emoji; raises BadBundle."""
        bundle = open_bundle(folder)
        tensors = load_file(folder / "model.safetensors")
        if {name: t.shape[1:] for name, t in tensors.items()} != {
            WEIGHT: (len(EMOTIONS),),
            BIAS: (),
            KNOWN: (),
        }:
            raise BadBundle(Fault.NO_LINEAR_MAP, place=folder, count=len(EMOTIONS))
        self._weight, self._bias = tensors[WEIGHT], tensors[BIAS].astype(float)
        self._known = frozenset(tensors[KNOWN].tolist())
        self._temperature = bundle.number("temperature")

    def read(self, data: bytes) -> ModalityReading:
        """Read a line in UTF-8; raises Unreadable when there is nothing to read, or nothing in English."""
        stopwatch, text = Stopwatch(), data.decode("utf-8", "replace")[:MAX_CHARACTERS]
        with stopwatch.step("quality"):
            words = tokens(text)
            quality = {"words": float(len(words)), **self._language(text, words)}
        with stopwatch.step("model"):
            posterior = Posterior.of(self.probabilities(words))
        return ModalityReading(posterior, quality, (), stopwatch.ms)

    def _language(self, text: str, words: list[str]) -> dict[str, float]:
        """Measure how English a line is; empty for emoji alone, which need no language. Raises Unreadable."""
        if not any(word[0].isalpha() for word in words):
            if any(word_id(word) in self._known for word in words):
                return {}
            raise Unreadable(Code.NO_WORDS)
        if (share := english_probability(text, words, self._known)) < ENGLISH_FROM:
            raise Unreadable(Code.NOT_ENGLISH)
        return {"english": share}

    def probabilities(self, words: list[str]) -> NDArray[np.float64]:
        """Return probabilities [7] of the emotions for the tokens of a line, of which there is one at least."""
        logits = linear_scores(self._weight, hashed_terms(words, len(self._weight))) + self._bias
        return softmax(logits / self._temperature)

    def warm(self) -> None:
        """Load what tells languages apart, so that nobody's first reading pays for it."""
        identifier_log_odds("How do you do?")


def linear_scores(weight: NDArray[np.floating], found: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum [7] the found rows of weight [count, 7], over the root of their number, as if all lines were as long."""
    out: NDArray[np.float64] = weight[found].sum(0, dtype=np.float64) / np.sqrt(len(found))
    return out
