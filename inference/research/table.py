"""Read tables of anybody's posteriors: CSV files with the columns label, face_<label>..., voice_<label>..."""

import csv
import gzip
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.readings import MODALITIES
from inference.errors import BadInput, Fault
from inference.fusion.rules import Array
from inference.research.learn import Groups, Ints

_LARGEST = 1e100  # count: no sum of such is infinite

Row = dict[str, str]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """Hold posteriors [n, k] by modality, the names of the k labels, the right ones [n] and the group of each row."""

    labels: list[str]
    posteriors: dict[str, Array]
    truth: Ints
    groups: Groups | None

    def only(self, chosen: Mask) -> "Table":
        """Return a table of the rows that a mask [n] chooses."""
        posteriors = {m: p[chosen] for m, p in self.posteriors.items()}
        groups = None if self.groups is None else self.groups[chosen]
        return Table(self.labels, posteriors, self.truth[chosen], groups)

    def ordered(self, labels: list[str]) -> "Table":
        """Return the same table with the labels in another order; raises BadInput unless they are the same labels."""
        if sorted(labels) != sorted(self.labels):
            raise BadInput(Fault.OTHER_LABELS, labels=", ".join(self.labels), expected=", ".join(labels))
        places = [self.labels.index(label) for label in labels]
        posteriors = {m: p[:, places] for m, p in self.posteriors.items()}
        return Table(labels, posteriors, np.argsort(places)[self.truth], self.groups)


def load_table(path: Path, group: str | None = None) -> Table:
    """Read a table of posteriors from a CSV file, packed with gzip if it is named .gz.

    `group` names the column of groups, if any; other columns than those named above are ignored. A modality whose
    cells are empty or all zero says nothing about that row: it is flat. Raises BadInput when something makes no
    sense.
    """
    try:
        rows, names = read_rows(path)
        return _table(rows, names, group)
    except OSError as error:
        raise BadInput(Fault.BAD_FILE, place=path, reason=error.strerror or str(error)) from error
    except (ValueError, csv.Error, EOFError, zlib.error) as error:
        raise BadInput(Fault.BAD_FILE, place=path, reason=str(error)) from error


def read_rows(path: Path) -> tuple[list[Row], list[str]]:
    """Return the rows of a CSV file, packed with gzip if it is named .gz, and the names of its columns.

    Raises OSError, ValueError, csv.Error, EOFError or zlib.error.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, restval="")
        return list(reader), list(reader.fieldnames or ())


def _table(rows: list[Row], names: list[str], group: str | None) -> Table:
    """Make a table of rows and column names; raises BadInput with what is wrong."""
    if missing := [name for name in ("label", group) if name and name not in names]:
        raise BadInput(Fault.NO_COLUMN, column=missing[0])
    if not rows:
        raise BadInput(Fault.NO_ROWS)
    truths = [row["label"] for row in rows]
    modalities = _modalities(names, set(truths))
    labels = _labels(rows, names, modalities)
    if unknown := set(truths) - set(labels):
        raise BadInput(
            Fault.NO_COLUMNS_FOR_LABEL, label=min(unknown), columns=_columns(modalities, min(unknown))
        )
    posteriors: dict[str, Array]
    posteriors = {m: _posteriors(rows, [f"{m}_{label}" for label in labels]) for m in modalities}
    groups = np.array([row[group] for row in rows]) if group else None
    return Table(labels, posteriors, np.array([labels.index(t) for t in truths]), groups)


def _modalities(names: Sequence[str], truths: Collection[str]) -> list[str]:
    """Return the modalities with a column for every right label; where there are no two, those with any column.

    Others' columns are something else: text_transcript is no posterior.
    """
    whole = [m for m in MODALITIES if all(f"{m}_{truth}" in names for truth in truths)]
    named = [m for m in MODALITIES if any(name.startswith(f"{m}_") for name in names)]
    return list(whole if len(whole) > 1 else named)


def _labels(rows: list[Row], names: list[str], modalities: Sequence[str]) -> list[str]:
    """Return the labels: the parts of column names after the modality's that all modalities share.

    Labels that are never right count only where rows add up to 1 with them: face_size and voice_size name no label.
    """
    if len(modalities) < 2:
        raise BadInput(Fault.NO_TWO_MODALITIES, columns=_columns(MODALITIES, "<label>"))
    after = [name.removeprefix(f"{modalities[0]}_") for name in names if name.startswith(f"{modalities[0]}_")]
    if twice := [label for label in after if after.count(label) > 1]:
        raise BadInput(Fault.TWO_COLUMNS, column=f"{modalities[0]}_{twice[0]}")
    truths = {row["label"] for row in rows}
    shared = [
        label
        for label in after
        if all(
            f"{m}_{label}" in names and (label in truths or _shares(rows, f"{m}_{label}")) for m in modalities
        )
    ]
    seen = [label for label in shared if label in truths]
    return shared if len(shared) > len(seen) and _adds_up(rows, modalities, shared) else seen


def _shares(rows: list[Row], column: str) -> bool:
    """Tell whether the cells of a column may be probabilities."""
    try:
        return all(0 <= float(row[column] or 0) <= 1 for row in rows)
    except ValueError:
        return False


def _adds_up(rows: list[Row], modalities: Sequence[str], labels: Sequence[str]) -> bool:
    """Tell whether the cells of these labels add up to 1 for each modality, in most rows."""
    sums = [
        [sum(_number(row[f"{m}_{label}"], f"{m}_{label}") for label in labels) for m in modalities]
        for row in rows
    ]
    return bool(np.median(np.abs(np.array(sums) - 1)) < 0.01)


def _posteriors(rows: list[Row], columns: Sequence[str]) -> Array:
    """Return the cells [n, k] of some columns as shares of their row; flat where a row has none."""
    values = np.array([[_number(row[name], name) for name in columns] for row in rows])
    sums = values.sum(1, keepdims=True)
    out: Array = np.where(sums > 0, values / np.where(sums > 0, sums, 1), 1 / len(columns))
    return out


def _number(cell: str, column: str) -> float:
    try:
        value = float(cell or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value < _LARGEST:
        raise BadInput(Fault.NO_SHARE, cell=cell, column=column)
    return value


def _columns(modalities: Iterable[str], label: str) -> str:
    return ", ".join(f"{m}_{label}" for m in modalities)
