"""Read GoEmotions (Demszky et al. 2020): Reddit comments, by the emotions of Ekman.

Each was labelled by three or more raters. Two layouts are read: the authors' own (train.tsv, dev.tsv, test.tsv,
ekman_mapping.json, emotions.txt), and the same packed as goemotions_train.tsv.gz and so on.
"""

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.fusion.rules import Array
from inference.research.learn import Ints
from training.export import LABELS
from training.files import BadData, emotion_of

_MASKED = ("[NAME]", "[RELIGION]")  # what the authors put in place of names


@dataclass(frozen=True, slots=True)
class Lines:
    """Hold texts [n] and the shares [n, 7] of the emotions that raters agreed on."""

    texts: list[str]
    shares: Array

    @property
    def clear(self) -> "Lines":
        """Return the lines with one emotion."""
        one = self.shares.max(1) == 1
        return Lines([t for t, keep in zip(self.texts, one, strict=True) if keep], self.shares[one])

    @property
    def labels(self) -> Ints:
        """Return the likeliest emotion [n] of each, as a place in LABELS."""
        out: Ints = self.shares.argmax(1)
        return out


def load(folder: Path, part: str) -> Lines:
    """Read the lines of train, dev or test; raises BadData."""
    own = (folder / "ekman_mapping.json").is_file()
    names = _words(folder / ("emotions.txt" if own else "goemotions_labels.txt"))
    emotions = _ekman(folder / ("ekman_mapping.json" if own else "goemotions_ekman.json"))
    path = folder / (f"{part}.tsv" if own else f"goemotions_{part}.tsv.gz")
    opened = open if own else gzip.open
    texts, shares = [], []
    with opened(path, "rt", newline="", encoding="utf-8") as file:
        for line, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if len(row) < 2:
                raise BadData(f"{path.name}, line {line}: no text and numbers of labels with a tab between")
            named = {emotions[names[int(number)]] for number in row[1].split(",")}
            texts.append(_plain(row[0]))
            shares.append([(label in named) / len(named) for label in LABELS])
    return Lines(texts, np.array(shares))


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError as error:
        raise BadData(f"no GoEmotions in {path.parent}: {path.name} is not there") from error


def _ekman(path: Path) -> dict[str, str]:
    """Map GoEmotions' labels to ours; neutral, which the authors' file leaves out, stays itself."""
    mapping = {emotion_of(ekman): names for ekman, names in json.loads(path.read_text()).items()}
    mapping["happy"] = mapping.pop("joy")
    return {"neutral": "neutral"} | {name: label for label, names in mapping.items() for name in names}


def _plain(text: str) -> str:
    for mask in _MASKED:
        text = text.replace(mask, "")
    return text
