"""Real photos and voices, where the makers' data is: they are read, and the figures in the specs hold."""

import csv
import os
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from domain import EMOTIONS, Emotion
from inference.bundles import WEIGHTS, open_bundle
from inference.face.bundled import BundledClassifier
from inference.face.decode import decode as decode_photo
from inference.face.find import FaceFinder
from inference.face.finders import DETECTORS, DetectorMissing, open_finder
from inference.face.model import FaceModel
from inference.voice.bundled import BundledVoice
from inference.voice.decode import decode as decode_sound
from inference.voice.model import VoiceModel
from inference.voice.quality import has_speech, measure
from tests.inference.pictures import saved
from training.face.data.fer2013 import load_tests

DATA = Path(os.environ.get("ATTUNE_DATA", Path(__file__).parents[3] / "shared" / "data"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the data folder is not here (ATTUNE_DATA)"),
]


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(newline="") as file:
        return list(csv.DictReader(file))


def members(path: str, names: set[str]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(DATA / path) as tar:
        for member in tar:
            if member.name in names and (file := tar.extractfile(member)):
                yield member.name, file.read()


@pytest.fixture(scope="module", params=[d for d in DETECTORS if d != "auto"])
def finder(request: pytest.FixtureRequest) -> FaceFinder:
    try:
        return open_finder(request.param)
    except DetectorMissing as error:
        pytest.skip(str(error))


def test_faces_are_found_where_there_are_some(finder: FaceFinder) -> None:
    """The figures in the finders' docstrings; another processor may see one face more or less."""
    faces = {row["path"]: int(row["faces"]) for row in rows("face/photos.csv")}
    photos = members("face/photos.tar", set(faces))
    found = {name: len(finder.find(decode_photo(data))) for name, data in photos}
    assert len(found) == 264
    assert sum(found[name] > 0 for name in faces if faces[name] == 1) >= 137
    assert sum(found[name] > 1 for name in faces if faces[name] > 1) >= 27
    assert sum(found[name] > 0 for name in faces if not faces[name]) <= 3


@pytest.mark.parametrize("quarters", [1, 3])
def test_turned_faces_are_set_upright(finder: FaceFinder, quarters: int) -> None:
    """Every sixth photo with one face: 97 % of all are set upright."""
    alone = sorted(row["path"] for row in rows("face/photos.csv") if row["faces"] == "1")
    photos = members("face/photos.tar", set(alone[::6]))
    faces = [finder.find(np.rot90(decode_photo(data), -quarters)) for _, data in photos]
    assert len(faces) == 24
    assert sum(bool(found) and found[0].quarters == quarters for found in faces) >= 22


def clips(count: int) -> list[dict[str, str]]:
    """Clips of validation speakers with one of the seven labels (calm counts as neutral)."""
    labels = {e.value for e in EMOTIONS} | {"calm"}
    usable = [
        row for row in rows("voice/voices.csv") if row["split"] == "validation" and row["emotion"] in labels
    ]
    return random.Random(1).sample(usable, count)


def heard(chosen: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], bytes]]:
    for corpus in sorted({row["corpus"] for row in chosen}):
        own = {row["path"]: row for row in chosen if row["corpus"] == corpus}
        for name, data in members(f"voice/{corpus}.tar", set(own)):
            yield own[name], data


def test_people_who_speak_are_heard() -> None:
    unheard = [
        row["path"] for row, data in heard(clips(150)) if not has_speech(measure(decode_sound(data))[0])
    ]
    assert unheard == []


def test_the_face_models_figures_hold() -> None:
    faces = load_tests(DATA / "face")["PrivateTest"]
    model = FaceModel(BundledClassifier(WEIGHTS / "face"))
    chosen = range(0, len(faces), 16)
    right = [
        model.read(saved(Image.fromarray(faces.images[n]))).posterior.top is EMOTIONS[faces.fer[n]]
        for n in chosen
    ]
    claimed = open_bundle(WEIGHTS / "face").spec["metrics"]["PrivateTest"]["fer"]["accuracy"]
    assert sum(right) / len(right) == pytest.approx(claimed, abs=0.1)  # three standard errors of 224 faces


def test_the_voice_models_figures_hold() -> None:
    model = VoiceModel(BundledVoice(WEIGHTS / "voice"))
    right = []
    for row, data in heard(clips(150)):
        label = Emotion.NEUTRAL if row["emotion"] == "calm" else Emotion(row["emotion"])
        right.append(model.read(data).posterior.top is label)
    claimed = open_bundle(WEIGHTS / "voice").spec["metrics"]["pooled_validation"]["accuracy"]
    assert sum(right) / len(right) == pytest.approx(claimed, abs=0.12)  # three standard errors of 150 clips
