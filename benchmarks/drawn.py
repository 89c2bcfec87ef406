"""Measure how often drawn faces are found and noticed, and how often real ones are taken for drawings.

    python -m benchmarks.drawn [--each N]

The limit in `inference.face.drawn` is chosen on FER-2013's PublicTest: a share of MAY_LOSE of these faces has less
relief. False alarms are counted on its PrivateTest, which comes from the web and holds drawings and empty tiles, too,
and on the photos of the data folder. No drawing of ours had a say in the limit.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks.drawings import STYLES, jpeg, photographed
from benchmarks.photos import photos
from inference.bundles import WEIGHTS
from inference.face.bundled import BundledClassifier
from inference.face.decode import decode
from inference.face.drawn import RELIEF_LIMIT, relief
from inference.face.find import Picture
from inference.face.model import FaceModel
from inference.face.quality import grey_thumbnail
from training.data import data_root
from training.face.data.fer2013 import load_tests

MAY_LOSE = 0.005  # of the faces in PublicTest


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold in how many pictures a face was found, and how many of these were noticed as drawings."""

    kind: str
    pictures: int
    found: int
    noticed: int


def count_noticed(kind: str, reliefs: Sequence[float | None]) -> Figures:
    """Count figures from the reliefs of pictures, None where no face was found."""
    found = [one for one in reliefs if one is not None]
    return Figures(kind, len(reliefs), len(found), sum(one <= RELIEF_LIMIT for one in found))


def relief_in(model: FaceModel, picture: Picture) -> float | None:
    """Return the relief of the largest face in a picture as the product cuts it out; None where it finds none."""
    boxes = model.finder.find(picture)
    return relief(grey_thumbnail(model.align(picture, boxes[0])[0])) if boxes else None


def measure_drawings(model: FaceModel, each: int) -> Iterator[Figures]:
    """Measure so many drawings of each style, as files and as photos of a page."""
    for name, style in STYLES.items():
        chances = [np.random.default_rng([n, *name.encode()]) for n in range(each)]
        drawings = [style(chance) for chance in chances]
        pages = [photographed(image, chance) for image, chance in zip(drawings, chances, strict=True)]
        for kind, images in ((name, drawings), (f"{name}, photographed", pages)):
            yield count_noticed(kind, [relief_in(model, decode(jpeg(image))) for image in images])


def measure_photos(model: FaceModel, folder: Path) -> Iterator[Figures]:
    """Measure photos with faces; those with a mask that somebody drew are counted apart."""
    with (folder / "photos.csv").open(newline="") as table:
        masked = {row["path"] for row in csv.DictReader(table) if "mask drawn" in row["notes"]}
    reliefs = {photo.name: relief_in(model, photo.picture) for photo in photos(folder) if photo.faces}
    yield count_noticed("photos", [one for name, one in reliefs.items() if name not in masked])
    yield count_noticed("photos, a mask drawn", [one for name, one in reliefs.items() if name in masked])


def main() -> None:
    """Measure and print, line by line as it comes."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.drawn",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--each", type=int, default=3, help="drawings of each style")
    args = parser.parse_args()
    folder, model = data_root() / "face", FaceModel(BundledClassifier(WEIGHTS / "face"))
    fer = {part: [relief(image) for image in faces.images] for part, faces in load_tests(folder).items()}
    limit = np.quantile(fer["PublicTest"], MAY_LOSE)
    print(
        f"{MAY_LOSE:.1%} of PublicTest have less relief than {limit:.3f}; the product's limit is {RELIEF_LIMIT}."
    )
    of_fer = (count_noticed(f"FER-2013, {part}", reliefs) for part, reliefs in fer.items())
    for row in chain(of_fer, measure_drawings(model, args.each), measure_photos(model, folder)):
        print(
            f"{row.kind:28} {row.pictures:6} pictures {row.found:6} found {row.noticed:5} noticed", flush=True
        )


if __name__ == "__main__":
    main()
