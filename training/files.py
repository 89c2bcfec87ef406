"""Read the tables and archives that training data come in, and the words that they use for emotions."""

import csv
import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

# Words that data sets use, and this project's for the same.
SYNONYMS = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}


class BadData(SystemExit):
    """Say that the data are not as their layout says.

    The message is one sentence; a command that meets it ends with it.
    """


def emotion_of(word: str) -> str:
    """Return the word for an emotion in lower case, as this project says it where it has it."""
    return SYNONYMS.get(word.lower(), word.lower())


def columns(path: Path) -> list[str]:
    """Return the names in the first line of a CSV file, without the blanks that some have around them."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [name.strip() for name in next(csv.reader(file), [])]


def table(path: Path, *needed: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of a CSV file after the words that say where it stands, such as "voices.csv, line 3".

    Raises BadData unless all `needed` columns are there.
    """
    names = columns(path)
    if missing := set(needed) - set(names):
        raise BadData(f"{path.name} has no column {', '.join(sorted(missing))}: it has {', '.join(names)}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, names, restval="")
        next(reader)
        for row in reader:
            yield f"{path.name}, line {reader.line_num}", row


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of the files in a tar archive."""
    with tarfile.open(path) as tar:
        for member in tar:
            if file := tar.extractfile(member):
                yield member.name, file.read()


def share_of(name: str) -> float:
    """Map a name to a number 0..1, the same on every machine; many names are spread evenly."""
    return hashlib.sha256(name.encode()).digest()[0] / 256
