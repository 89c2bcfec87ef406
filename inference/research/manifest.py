"""Lists of labelled files, for `python -m inference evaluate`."""

import csv
from dataclasses import dataclass
from pathlib import Path

from domain import EMOTIONS, Emotion
from domain.readings import MODALITIES, Modality


@dataclass(frozen=True, slots=True)
class Row:
    """One file: where it is, what it expresses, and the group (a corpus, a speaker) that it is counted with."""

    path: Path
    label: Emotion
    group: str
    modality: Modality


def load_manifest(path: Path) -> list[Row]:
    """The rows of a CSV file with the columns path (relative to the file), label, group (optional) and modality.

    Raises SystemExit with one sentence that names the line when something makes no sense.
    """
    line = 1
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader, rows = csv.DictReader(file), []
            for values in reader:
                line = reader.line_num
                rows.append(_row(values, path.parent))
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror}") from error
    except (ValueError, csv.Error) as error:
        raise SystemExit(f"{path}, line {line}: {error}") from error
    if not rows:
        raise SystemExit(f"{path}: no rows; the columns are path,label,group,modality")
    return rows


def _row(values: dict[str, str], folder: Path) -> Row:
    """Raises ValueError with what is wrong."""
    path, label, modality = (values.get(column) or "" for column in ("path", "label", "modality"))
    if not path:
        raise ValueError("no path; the columns are path,label,group,modality")
    if label not in set(EMOTIONS):
        raise ValueError(f"label {label!r} is none of {', '.join(EMOTIONS)}")
    if modality not in MODALITIES:
        raise ValueError(f"modality {modality!r} is none of {', '.join(MODALITIES)}")
    return Row(folder / path, Emotion(label), values.get("group") or "", modality)
