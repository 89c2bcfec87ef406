"""Read lists of labelled files, for `python -m inference evaluate`."""

import csv
from dataclasses import dataclass
from pathlib import Path

from domain import EMOTIONS, Emotion
from domain.readings import MODALITIES, Modality
from inference.errors import BadInput, Fault, listed


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one file: where it is, what it expresses, and the group (a corpus, a speaker) that it is counted with."""

    path: Path
    label: Emotion
    group: str
    modality: Modality


def load_manifest(path: Path) -> list[Row]:
    """Return the rows of a CSV file with the columns path (relative to it), label, group (optional) and modality.

    Raises BadInput, which names the line, when something makes no sense.
    """
    line = 1
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader, rows = csv.DictReader(file), []
            for values in reader:
                line = reader.line_num
                rows.append(_row(values, path.parent))
    except OSError as error:
        raise BadInput(Fault.BAD_FILE, place=path, reason=error.strerror) from error
    except (ValueError, csv.Error) as error:
        raise BadInput(Fault.BAD_LINE, place=path, line=line, reason=str(error)) from error
    if not rows:
        raise BadInput(Fault.NO_FILES, place=path)
    return rows


def _row(values: dict[str, str], folder: Path) -> Row:
    """Check a row, whose file is relative to `folder`; raises BadInput."""
    path, label, modality = (values.get(column) or "" for column in ("path", "label", "modality"))
    if not path:
        raise BadInput(Fault.NO_PATH)
    if label not in set(EMOTIONS):
        raise BadInput(Fault.UNKNOWN_LABEL, label=label, known=listed(EMOTIONS))
    if modality not in MODALITIES:
        raise BadInput(Fault.UNKNOWN_MODALITY, modality=modality, known=listed(MODALITIES))
    return Row(folder / path, Emotion(label), values.get("group") or "", modality)
