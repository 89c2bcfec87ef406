"""Read corpora of emotional speech as their authors hand them out.

The names of the files say who speaks, and how.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

from inference.errors import Unreadable
from inference.voice.decode import decode
from inference.voice.net import LABELS
from training.files import BadData, emotion_of, table
from training.voice.data.clips import SPLITS, Clip, Samples, load_packed, split_of, to_int16

_SOUNDS = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".amr", ".webm", ".mka", ".mp4"}
_EMOTIONS = {*LABELS, "calm", "other", ""}  # what a manifest may say


class Named(NamedTuple):
    """Hold what a file's name tells."""

    corpus: str
    language: str
    speaker: str
    emotion: str


@dataclass(frozen=True, slots=True)
class Naming:
    """Say how a corpus names its files.

    The pattern is for the name without its ending, after the folder's where it matters.
    """

    title: str
    corpus: str
    language: str
    pattern: str
    emotions: Mapping[str, str]

    def read(self, path: PurePath) -> Named | None:
        """Return what the name tells, or None where this is no clip of the corpus."""
        for name in (path.stem, f"{path.parent.name}/{path.stem}"):
            match = re.fullmatch(self.pattern, name, re.ASCII)
            if match and (emotion := self.emotions.get(match["emotion"])):
                return Named(self.corpus, self.language, f"{self.corpus}_{match['speaker']}", emotion)
        return None


NAMINGS = (
    Naming(  # modality 03 is sound alone and channel 01 speech; then emotion, intensity, statement, repetition, actor
        "RAVDESS",
        "ravdess",
        "en",
        r"03-01-(?P<emotion>\d\d)-\d\d-\d\d-\d\d-(?P<speaker>\d\d)",
        {
            "01": "neutral",
            "02": "calm",
            "03": "happy",
            "04": "sad",
            "05": "angry",
            "06": "fear",
            "07": "disgust",
            "08": "surprise",
        },
    ),
    Naming(  # actor, sentence, emotion, intensity
        "CREMA-D",
        "cremad",
        "en",
        r"(?P<speaker>\d{4})_[A-Z]{3}_(?P<emotion>[A-Z]{3})_[A-Z]{1,2}",
        {"ANG": "angry", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"},
    ),
    Naming(  # older or younger actress (one file says OA, not OAF), word, emotion; ps is a pleasant surprise
        "TESS",
        "tess",
        "en",
        r"(?P<speaker>[OY]A)F?_[A-Za-z]+_(?P<emotion>[a-z]+)",
        {**{label: label for label in LABELS}, "ps": "surprise"},
    ),
    Naming(  # speaker, sentence, emotion by its German initial, take
        "EMO-DB",
        "emodb",
        "de",
        r"(?P<speaker>\d\d)[ab]\d\d(?P<emotion>[A-Z])[a-z]?",
        {"W": "angry", "L": "other", "E": "disgust", "A": "fear", "F": "happy", "T": "sad", "N": "neutral"},
    ),
    Naming(  # speaker, in the file's or the folder's name, then emotion and sentence
        "SAVEE",
        "savee",
        "en",
        r"(?P<speaker>DC|JE|JK|KL)[_/](?P<emotion>[a-z]+)\d\d",
        {
            "a": "angry",
            "d": "disgust",
            "f": "fear",
            "h": "happy",
            "n": "neutral",
            "sa": "sad",
            "su": "surprise",
        },
    ),
)


def load_corpus(folder: Path) -> list[Clip]:
    """Read the clips in a folder, whichever way they are handed out.

    - `voices.csv` with a tar for each corpus: this project's packed ones.
    - `manifest.csv`: any corpus, see `load_manifest`.
    - Else all sounds in it and below, of one corpus or several, whose names are in NAMINGS; what is named otherwise
      (songs, films, notes) is left out, and so are second copies, which common archives have.

    Sounds are brought to 16 kHz. Raises BadData.
    """
    if (folder / "voices.csv").is_file():
        return load_packed(folder)
    if (folder / "manifest.csv").is_file():
        return list(load_manifest(folder / "manifest.csv"))
    if clips := list(_named(folder)):
        return clips
    raise BadData(
        f"no voices in {folder}: looked for voices.csv, manifest.csv, and sounds named as in "
        + ", ".join(naming.title for naming in NAMINGS)
    )


def recognise(path: PurePath) -> Named | None:
    """Return what the name of a sound tells, or None where no corpus names its files so."""
    if path.suffix.lower() not in _SOUNDS:
        return None
    return next((named for naming in NAMINGS if (named := naming.read(path))), None)


def _named(folder: Path) -> Iterator[Clip]:
    seen = set()
    for path in sorted(folder.rglob("*")):
        if (named := recognise(path)) and (key := (named.speaker, path.stem)) not in seen:
            seen.add(key)
            split = split_of(named.corpus, named.speaker)
            yield Clip(path.relative_to(folder).as_posix(), *named, split, _sound(path))


def load_manifest(path: Path) -> Iterator[Clip]:
    """Yield the clips that a CSV file lists.

    Its columns are path (from the file's folder), speaker, emotion, and, where known, corpus, language, split. An
    emotion outside the seven is "other"; "" means that nobody named one. Without a split (train, validation, test)
    the speaker's is taken, see `split_of`. Raises BadData, also where a speaker is in two splits.
    """
    splits: dict[str, str] = {}
    for where, row in table(path, "path", "speaker", "emotion"):
        corpus, speaker = row.get("corpus") or path.parent.name, row["speaker"]
        emotion, split = emotion_of(row["emotion"]), row.get("split") or split_of(corpus, speaker)
        if emotion not in _EMOTIONS:
            raise BadData(
                f"{where}: no emotion is called {row['emotion']}: others than the seven are `other`"
            )
        if split not in SPLITS:
            raise BadData(f"{where}: split is {split!r}, not one of {', '.join(SPLITS)}")
        if splits.setdefault(speaker, split) != split:
            raise BadData(f"{where}: {speaker} is in {splits[speaker]} and in {split}")
        sound = _sound(path.parent / row["path"], where)
        yield Clip(row["path"], corpus, row.get("language") or "", speaker, emotion, split, sound)


def _sound(path: Path, where: str = "") -> Samples:
    try:
        return to_int16(decode(path.read_bytes()))
    except (OSError, Unreadable) as error:
        raise BadData(f"{where}{': ' if where else ''}{path} is not a sound that can be read") from error
