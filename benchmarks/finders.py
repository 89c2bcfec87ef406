"""Measure how well and how fast each detector finds faces in real photos, and in harder ones made of them.

    python -m benchmarks.finders [--detector NAME] [--kinds WORD ...] [--half tuning|other] [--only-faces] [--json]

`found` is the share of the photos with one face in which the largest face found is that one, standing upright: it
shares at least 40 % of what both boxes cover with the box that the same detector found in the untouched photo. `found
where none is` counts any face in photos without one, which are made harder in the same way. Photos with several faces
are left out: nobody said which of them is the one.

Which scores are sure, and the least scores of the turned and the close looks, were chosen on every second of these
photos, in the order of names, and on their changed copies; `--half other` counts the rest alone. (The size of the
looks and the least score of the first were chosen on all photos, as they are.)
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measure import milliseconds_since, provenance, summary
from benchmarks.photos import CHANGES, ChangedPhoto, Photo, changed, middle_box, photos
from inference import threads
from inference.face.find import Box, FaceFinder
from inference.face.finders import DETECTORS, Detector, DetectorMissing, open_finder
from training.data import data_root

SAME = 0.4  # of what two boxes cover together: sharing more, they are the same face
ALL = [detector for detector in DETECTORS if detector != "auto"]
HALVES = {"all": slice(None), "tuning": slice(0, None, 2), "other": slice(1, None, 2)}


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold a photo with the face that is to be found again, or with the place where others have theirs."""

    photo: Photo
    face: Box


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what a detector makes of one kind of photos: faces found of those there, false finds, milliseconds."""

    kind: str
    faces: int
    found: int
    empty: int
    wrong: int
    face_ms: dict[str, float]
    empty_ms: dict[str, float]


def measure(finder: FaceFinder, kind: str, subjects: Sequence[Subject]) -> Figures:
    """Show the finder every photo, changed in this way."""
    with_face = [_find_in_changed(finder, kind, subject) for subject in subjects if subject.photo.faces]
    without = [_find_in_changed(finder, kind, subject) for subject in subjects if not subject.photo.faces]
    return Figures(
        kind=kind,
        faces=len(with_face),
        found=sum(_is_same_face(boxes, shown) for boxes, shown, _ in with_face),
        empty=len(without),
        wrong=sum(bool(boxes) for boxes, _, _ in without),
        face_ms=_times([ms for _, _, ms in with_face]),
        empty_ms=_times([ms for _, _, ms in without]),
    )


def subject_of(finder: FaceFinder, photo: Photo) -> Subject:
    """Take the largest upright face that the finder sees in the untouched photo as the one to be found again."""
    upright = [box for box in finder.find(photo.picture) if not box.quarters] if photo.faces else []
    return Subject(photo, (upright or [middle_box(photo.picture)])[0])


def _find_in_changed(
    finder: FaceFinder, kind: str, subject: Subject
) -> tuple[list[Box], ChangedPhoto, float]:
    photo = subject.photo
    shown = changed(CHANGES[kind], photo.picture, subject.face, f"{photo.name}, {kind}")
    begin = time.perf_counter()
    boxes = finder.find(shown.picture)
    return boxes, shown, milliseconds_since(begin)


def _is_same_face(boxes: list[Box], shown: ChangedPhoto) -> bool:
    if not boxes or boxes[0].quarters != shown.quarters:
        return False
    largest = boxes[0].turned(shown.quarters, *shown.picture.shape[:2])
    return intersection_over_union(largest, shown.face) >= SAME


def intersection_over_union(a: Box, b: Box) -> float:
    """Return the intersection over the union of two boxes, 0..1."""
    across = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    down = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    shared = max(across, 0) * max(down, 0)
    return shared / (a.area + b.area - shared)


def _times(ms: Sequence[float]) -> dict[str, float]:
    return summary(ms) if len(ms) > 1 else {}


def _available_finders(wanted: Sequence[Detector]) -> Iterator[tuple[Detector, FaceFinder]]:
    for name in wanted:
        try:
            yield name, open_finder(name)
        except DetectorMissing as error:
            print(error, file=sys.stderr)


def _table(result: dict[str, list[Figures]]) -> str:
    """Print figures in the model card's form; milliseconds as median and 95th percentile."""
    lines = ["| detector | photos | found | found where none is | ms with a face | ms without |"]
    lines.append("|---" * 6 + "|")
    lines += [f"| {name} | {_cells(figures)} |" for name, rows in result.items() for figures in rows]
    return "\n".join(lines)


def _cells(figures: Figures) -> str:
    counts = ((figures.found, figures.faces), (figures.wrong, figures.empty))
    found, wrong = (f"{n}/{of} = {n / of:.1%}" if of else "-" for n, of in counts)
    ms = (" / ".join(map(str, by.values())) or "-" for by in (figures.face_ms, figures.empty_ms))
    return " | ".join([figures.kind, found, wrong, *ms])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.finders",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--photos", type=Path, help="folder of photos.tar and photos.csv (default: the data's)"
    )
    parser.add_argument("--detector", choices=ALL, nargs="+", default=ALL, help="default: all")
    parser.add_argument(
        "--kinds", nargs="+", default=[""], help="only those whose name contains one of these"
    )
    parser.add_argument("--half", choices=HALVES, default="all")
    parser.add_argument("--every", type=int, default=1, help="of these only every so many, for a quick look")
    parser.add_argument(
        "--only-faces", action="store_true", help="leave the slower photos without a face out"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Measure and print a table, or JSON."""
    args = _arguments()
    threads.limit(args.threads)
    alone = [photo for photo in photos(args.photos or data_root() / "face") if photo.faces <= 1]
    chosen = [p for p in alone[HALVES[args.half]][:: args.every] if p.faces or not args.only_faces]
    kinds = [kind for kind in CHANGES if any(word in kind for word in args.kinds)]
    result: dict[str, list[Figures]] = {}
    for name, finder in _available_finders(args.detector):
        subjects = [subject_of(finder, photo) for photo in chosen]
        result[name] = [measure(finder, kind, subjects) for kind in kinds]
    print(_json(args, result) if args.json else _table(result))


def _json(args: argparse.Namespace, result: dict[str, list[Figures]]) -> str:
    head = provenance("torch", "pillow") | {"threads": args.threads, "half": args.half, "every": args.every}
    return json.dumps(head | {name: [asdict(figures) for figures in rows] for name, rows in result.items()})


if __name__ == "__main__":
    main()
