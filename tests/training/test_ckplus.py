"""Every layout of CK+ gives faces with their label, subject and sequence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.face.find import Box, Picture
from inference.face.finders import open_finder
from inference.face.net import VOTE_LABELS
from tests.inference.pictures import pasted, saved
from tests.training.faces import noise, write_csv, write_tar
from training.face.data.ckplus import CkPlus, load_ckplus
from training.files import BadData

# Subject, sequence, label; two frames of the same sequence are neighbours.
ROWS = (("S010", "S010_004", "angry"), ("S010", "S010_004", "angry"), ("S999", "S999_001", "contempt"))


class Upper:
    """Finds a face of 40 pixels in the upper left corner of every picture that is bright there."""

    def find(self, picture: Picture) -> list[Box]:
        return [Box(10, 10, 30.8, 40, 0.9)] if picture[:40, :40].mean() > 100 else []


def told(data: CkPlus) -> list[tuple[str, str, str]]:
    return [
        (subject, sequence, VOTE_LABELS[label])
        for subject, sequence, label in zip(
            data.subjects.tolist(), data.sequences.tolist(), data.labels.tolist(), strict=True
        )
    ]


def write_packed(folder: Path) -> None:
    names = [f"ckplus/{sequence}_{n:08}.png" for n, (_, sequence, _) in enumerate(ROWS)]
    write_tar(folder / "ckplus.tar", {name: face(n) for n, name in enumerate(names)})
    rows = (
        (name, subject, emotion, sequence)
        for name, (subject, sequence, emotion) in zip(names, ROWS, strict=True)
    )
    write_csv(folder / "ckplus.csv", ("path", "subject", "emotion", "sequence"), rows)


def write_classes(folder: Path) -> None:
    """As CK+48 names its folders; its names sort as ROWS do."""
    for n, (_, sequence, emotion) in enumerate(ROWS):
        inner = folder / {"angry": "anger"}.get(emotion, emotion)
        inner.mkdir(parents=True, exist_ok=True)
        (inner / f"{sequence}_{n:08}.png").write_bytes(face(n))


def face(seed: int) -> bytes:
    return saved(Image.fromarray(noise(seed)))


def write_official(
    folder: Path, subject: str, number: str, frames: list[Picture], code: str | None = None
) -> None:
    images = folder / "cohn-kanade-images" / subject / number
    images.mkdir(parents=True)
    for n, frame in enumerate(frames, 1):
        (images / f"{subject}_{number}_{n:08}.png").write_bytes(saved(Image.fromarray(frame)))
    notes = folder / "Emotion" / subject / number
    notes.mkdir(parents=True)
    if code is not None:
        (notes / f"{subject}_{number}_{len(frames):08}_emotion.txt").write_text(f"   {code}\n")


def lit(level: int) -> Picture:
    """A frame that has this level in the corner where Upper looks, and none elsewhere."""
    frame = np.zeros((120, 160), np.uint8)
    frame[:60, :60] = level
    return frame


@pytest.mark.parametrize(
    ("write", "inner"), [(write_packed, ""), (write_classes, ""), (write_classes, "CK+48")]
)
def test_small_faces_keep_label_subject_and_sequence(
    tmp_path: Path, write: Callable[[Path], None], inner: str
) -> None:
    write(tmp_path / inner)
    data = load_ckplus(tmp_path)
    assert told(data) == list(ROWS)
    np.testing.assert_array_equal(data.images, [noise(n) for n in range(len(ROWS))])


def test_the_last_three_frames_of_labelled_official_sequences_are_taken(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [lit(n) for n in (110, 120, 130, 140, 150)], "3.0000000e+00")
    write_official(tmp_path, "S005", "002", [lit(160)] * 4)
    write_official(tmp_path, "S506", "001", [lit(200)] * 3, "2.0000000e+00")
    data = load_ckplus(tmp_path, Upper())
    assert told(data) == [("S005", "S005_001", "disgust")] * 3 + [("S506", "S506_001", "contempt")] * 3
    assert data.images.shape == (6, 48, 48)
    assert data.images[:, 24, 24].tolist() == [130, 140, 150, 200, 200, 200]


@pytest.mark.parametrize(
    ("code", "label"),
    list(enumerate(["angry", "contempt", "disgust", "fear", "happy", "sad", "surprise"], 1)),
)
def test_official_codes(tmp_path: Path, code: int, label: str) -> None:
    write_official(tmp_path, "S005", "001", [lit(200)], f"{code:.7e}")
    assert told(load_ckplus(tmp_path, Upper())) == [("S005", "S005_001", label)]


@pytest.mark.parametrize("code", ["0.0000000e+00", "8", "nan", "", "happy"])
def test_an_official_label_that_means_nothing_is_named(tmp_path: Path, code: str) -> None:
    write_official(tmp_path, "S005", "001", [lit(200)], code)
    with pytest.raises(BadData, match=r"_emotion.txt holds no number from 1 to 7"):
        load_ckplus(tmp_path, Upper())


def test_a_frame_without_a_found_face_is_cut_as_its_sequence_is(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [lit(40), lit(180), lit(60)], "5")
    assert load_ckplus(tmp_path, Upper()).images[:, 24, 24].tolist() == [40, 180, 60]


def test_a_sequence_without_a_face_is_named(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [lit(40)] * 3, "5")
    with pytest.raises(BadData, match=r"S005.001: no face was found in the last 3 frames"):
        load_ckplus(tmp_path, Upper())


def test_official_archives_may_lie_one_level_down(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [lit(200)], "5")
    for outer, name in (("extended-images", "cohn-kanade-images"), ("Emotion_labels", "Emotion")):
        (tmp_path / outer).mkdir()
        (tmp_path / name).rename(tmp_path / outer / name)
    assert len(load_ckplus(tmp_path, Upper())) == 1


def test_the_products_finder_cuts_a_large_coloured_frame(tmp_path: Path) -> None:
    frame = pasted(640, 490, (300, 170, 60))
    write_official(tmp_path, "S005", "001", [frame], "5")
    [image] = load_ckplus(tmp_path).images
    box = open_finder().find(frame)[0]
    assert 0.5 < box.width / 120 < 2, "the drawn face is about 120 pixels wide"
    assert image.std() > 20, "a face, not the plain wall"


def test_labels_without_pictures_and_pictures_without_labels_are_refused(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [], "5")
    with pytest.raises(BadData, match=r"no labelled CK\+ pictures"):
        load_ckplus(tmp_path, Upper())
    (tmp_path / "Emotion").rename(tmp_path / "Landmarks")
    with pytest.raises(BadData, match="not the folder Emotion beside it"):
        load_ckplus(tmp_path, Upper())


def test_packed_rows_that_fit_nothing_are_named(tmp_path: Path) -> None:
    write_packed(tmp_path)
    path = tmp_path / "ckplus.csv"
    good = path.read_text()
    path.write_text(good.replace("contempt", "bored"))
    with pytest.raises(BadData, match=r"ckplus.csv, line 4: no emotion is called bored"):
        load_ckplus(tmp_path)
    path.write_text(good.replace("S999_001_", "S998_001_"))
    with pytest.raises(BadData, match=r"line 4: .*S998_001_00000002.png is not in ckplus.tar"):
        load_ckplus(tmp_path)


def test_a_name_without_a_subject_is_named(tmp_path: Path) -> None:
    write_classes(tmp_path)
    (tmp_path / "anger" / "happy (3).png").write_bytes(face(5))
    with pytest.raises(BadData, match="the name does not tell the subject"):
        load_ckplus(tmp_path)


def test_a_damaged_frame_is_named(tmp_path: Path) -> None:
    write_official(tmp_path, "S005", "001", [lit(200)], "5")
    (tmp_path / "cohn-kanade-images" / "S005" / "001" / "S005_001_00000002.png").write_bytes(b"\x89PNG")
    with pytest.raises(BadData, match=r"S005_001_00000002.png is not a picture"):
        load_ckplus(tmp_path, Upper())


def test_what_was_looked_for_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(BadData, match=r"no CK\+ in .*looked for ckplus.csv .*cohn-kanade-images"):
            load_ckplus(folder)
