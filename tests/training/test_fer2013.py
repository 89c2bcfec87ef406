"""Every layout of FER-2013 gives the same faces, and what is wrong with a file is said with its place."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inference.face.net import FER_LABELS, VOTE_LABELS
from tests.examples import times
from tests.inference.pictures import saved
from tests.training.faces import (
    CODES,
    RATED,
    SMALL,
    Row,
    noise,
    pixels,
    write_csv,
    write_folders,
    write_packed,
    write_tables,
    write_votes,
)
from training.face.data.faces import PARTS, Faces
from training.face.data.fer2013 import load_faces, load_tests
from training.files import BadData

OFFICIAL = {part: part for part in PARTS}


def labels(faces: Faces) -> list[str]:
    return [FER_LABELS[n] for n in faces.fer]


def assert_small(parts: dict[str, Faces]) -> None:
    for part in PARTS:
        rows = [row for row in SMALL if row.part == part]
        assert labels(parts[part]) == [row.emotion for row in rows]
        np.testing.assert_array_equal(parts[part].images, [row.image for row in rows])


@pytest.mark.parametrize("write", [write_packed, write_tables])
def test_tables_give_images_labels_and_shares_of_votes(
    tmp_path: Path, write: Callable[[Path, tuple[Row, ...]], None]
) -> None:
    write(tmp_path, SMALL)
    parts = load_faces(tmp_path)
    assert_small(parts)
    angry, no_face = (dict(zip(VOTE_LABELS, row, strict=True)) for row in parts["Training"].votes.tolist())
    assert angry == pytest.approx(
        dict.fromkeys(VOTE_LABELS, 0) | {"neutral": 0.4, "sad": 0.1, "angry": 0.3, "disgust": 0.2}
    )
    assert not any(no_face.values())
    assert parts["PublicTest"].votes[0].tolist() == [0, 0, 0, 0.5, 0, 0, 0, 0.5]
    assert parts["PrivateTest"].votes[0].sum() == 1, "votes for no emotion are no votes"


def test_without_the_votes_file_nobody_voted(tmp_path: Path) -> None:
    write_tables(tmp_path, SMALL, voted=False)
    parts = load_faces(tmp_path)
    assert_small(parts)
    assert not any(faces.votes.any() for faces in parts.values())


def test_kaggles_other_table_has_blanks_in_its_head(tmp_path: Path) -> None:
    rows = ((CODES.index(row.emotion), row.part, pixels(row.image)) for row in SMALL)
    write_csv(tmp_path / "icml_face_data.csv", ("emotion", " Usage", " pixels"), rows)
    assert_small(load_faces(tmp_path))


def test_folders_of_the_official_parts(tmp_path: Path) -> None:
    write_folders(tmp_path, SMALL, OFFICIAL)
    (tmp_path / "Training" / "angry" / "Thumbs.db").write_bytes(b"not a picture")
    parts = load_faces(tmp_path)
    assert_small(parts)
    assert not any(faces.votes.any() for faces in parts.values())


def test_folders_may_be_named_in_any_case_and_by_other_words(tmp_path: Path) -> None:
    names = {"anger": "Anger", "angry": "Anger", "happy": "HAPPINESS"}
    rows = tuple(replace(row, emotion=names.get(row.emotion, row.emotion.title())) for row in SMALL)
    write_folders(
        tmp_path, rows, {"Training": "Train", "PublicTest": "validation", "PrivateTest": "TEST"}, ".PNG"
    )
    assert_small(load_faces(tmp_path))


def test_pictures_of_other_sizes_and_in_colour_become_grey_48(tmp_path: Path) -> None:
    write_folders(tmp_path, SMALL, OFFICIAL)
    large = Image.fromarray(noise(9)).resize((224, 224), Image.Resampling.NEAREST).convert("RGB")
    (tmp_path / "PrivateTest" / "surprise" / "003.png").write_bytes(saved(large))
    image = load_faces(tmp_path)["PrivateTest"].images[0].astype(int)
    assert np.corrcoef(image.ravel(), noise(9).ravel())[0, 1] > 0.95


def test_names_tell_the_part_where_both_tests_share_a_folder(tmp_path: Path) -> None:
    for row, name in zip(SMALL, ("Training_1", "Training_2", "PublicTest_3", "PrivateTest_4"), strict=True):
        inner = tmp_path / ("train" if row.part == "Training" else "test") / row.emotion
        inner.mkdir(parents=True)
        (inner / f"{name}.png").write_bytes(saved(Image.fromarray(row.image)))
    assert_small(load_faces(tmp_path))


def test_without_a_validation_part_the_same_tenth_of_training_becomes_it(tmp_path: Path) -> None:
    rows = [Row("Training", "fear", noise(100 + n)) for n in range(120)] + [SMALL[-1]]
    write_folders(tmp_path, rows, {"Training": "train", "PrivateTest": "test"})
    parts, again = load_faces(tmp_path), load_tests(tmp_path)
    assert len(parts["Training"]) + len(parts["PublicTest"]) == 120
    assert 5 <= len(parts["PublicTest"]) <= 20
    assert labels(parts["PrivateTest"]) == ["surprise"]
    np.testing.assert_array_equal(parts["PublicTest"].images, again["PublicTest"].images)


@pytest.mark.parametrize("write", [write_packed, write_tables, partial(write_folders, names=OFFICIAL)])
def test_training_loses_copies_of_the_tests_and_blank_images_in_every_layout(
    tmp_path: Path, write: Callable[[Path, tuple[Row, ...]], None]
) -> None:
    test = SMALL[-1].image
    leaks = (test, test[:, ::-1], np.roll(test, 3, 1), (test * 0.6 + 30).astype(np.uint8))
    blank = np.full((48, 48), 128, np.uint8)
    bad = tuple(Row("Training", "sad", image) for image in (*leaks, blank))
    write(tmp_path, SMALL + bad)
    assert_small(load_faces(tmp_path))


def test_flagged_rows_of_the_packed_training_are_left_out(tmp_path: Path) -> None:
    write_packed(tmp_path, (*SMALL, Row("Training", "sad", noise(7))), {4: "label_ambiguous", 3: "too"})
    assert_small(load_faces(tmp_path))


def test_load_tests_has_only_the_tests(tmp_path: Path) -> None:
    write_tables(tmp_path, SMALL)
    tests = load_tests(tmp_path)
    assert {part: labels(faces) for part, faces in tests.items()} == {
        "PublicTest": ["happy"],
        "PrivateTest": ["surprise"],
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((0, "1 2 3", "Training"), "line 6: 3 pixels, not 2304"),
        ((0, "1 two 3", "Training"), "line 6: pixels are whole numbers"),
        ((0, "256 " * 2304, "Training"), "line 6: pixels are whole numbers"),
        ((0, "", "Training"), "line 6: 0 pixels, not 2304"),
        ((7, pixels(noise(8)), "Training"), "line 6: emotion is '7', not a number from 0 to 6"),
        (("happy", pixels(noise(8)), "Training"), "line 6: emotion is 'happy'"),
        ((0, pixels(noise(8)), "Test"), "line 6: Usage is 'Test', not one of Training"),
        ((0,), "line 6: Usage is ''"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: tuple[object, ...], sentence: str) -> None:
    rows = [(CODES.index(r.emotion), pixels(r.image), r.part) for r in SMALL]
    write_csv(tmp_path / "fer2013.csv", ("emotion", "pixels", "Usage"), [*rows, row])
    with pytest.raises(BadData, match=f"fer2013.csv, {sentence}"):
        load_faces(tmp_path)


def test_votes_must_be_of_the_same_rows(tmp_path: Path) -> None:
    write_tables(tmp_path, SMALL)
    for rows, sentence in (
        (SMALL[:-1], "fewer rows"),
        ((*SMALL, SMALL[0]), "more rows"),
        ((SMALL[0], SMALL[2], SMALL[1], SMALL[3]), "line 3: Usage is 'PublicTest', but Training"),
    ):
        write_votes(tmp_path, rows)
        with pytest.raises(BadData, match=sentence):
            load_faces(tmp_path)


def test_a_vote_that_is_no_number_is_named(tmp_path: Path) -> None:
    write_tables(tmp_path, SMALL)
    path = tmp_path / "fer2013new.csv"
    path.write_text(path.read_text().replace("0,5,0,0,0,0,0,5,0,0", "0,x,0,0,0,0,0,5,0,0"))
    with pytest.raises(BadData, match=r"fer2013new.csv, line 4: a vote is not a number"):
        load_faces(tmp_path)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    write_csv(tmp_path / "fer2013.csv", ("emotion", "image"), [(0, "x")])
    with pytest.raises(BadData, match=r"fer2013.csv has no column Usage, pixels: it has emotion, image"):
        load_faces(tmp_path)


def test_a_folder_that_no_label_names_is_refused(tmp_path: Path) -> None:
    write_folders(tmp_path, [replace(SMALL[0], emotion="bored")], OFFICIAL)
    with pytest.raises(BadData, match="bored: folders here are named angry"):
        load_faces(tmp_path)


def test_fer_has_no_contempt(tmp_path: Path) -> None:
    write_folders(tmp_path, [replace(SMALL[0], emotion="contempt")], OFFICIAL)
    with pytest.raises(BadData, match="FER-2013 has no contempt"):
        load_faces(tmp_path)


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    write_folders(tmp_path, SMALL, OFFICIAL)
    (tmp_path / "Training" / "angry" / "broken.png").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(BadData, match=r"broken.png is not a picture"):
        load_faces(tmp_path)


def test_an_empty_part_is_named(tmp_path: Path) -> None:
    write_tables(tmp_path, SMALL[:2], voted=False)
    with pytest.raises(BadData, match="has nothing for PublicTest and PrivateTest"):
        load_faces(tmp_path)


def test_what_was_looked_for_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(BadData, match=r"looked for fer2013.csv .* icml_face_data.csv, and folders train"):
            load_faces(folder)


votes = st.lists(st.integers(0, 10), min_size=len(RATED), max_size=len(RATED)).map(tuple)
more_rows = st.lists(
    st.builds(
        Row, st.sampled_from(PARTS[1:]), st.sampled_from(CODES), st.integers(10, 10**6).map(noise), votes
    ),
    max_size=4,
)


@settings(max_examples=times(0.08))
@given(more_rows)
def test_packed_and_official_tables_say_the_same(rows: list[Row]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        write_tables(Path(one), [*SMALL, *rows])
        write_packed(Path(other), [*SMALL, *rows])
        official, packed = load_tests(Path(one)), load_tests(Path(other))
    for part in ("PublicTest", "PrivateTest"):
        written = [row for row in (*SMALL, *rows) if row.part == part]
        np.testing.assert_array_equal(official[part].images, [row.image for row in written])
        assert labels(official[part]) == [row.emotion for row in written]
        for name in ("images", "fer", "votes"):
            np.testing.assert_array_equal(getattr(official[part], name), getattr(packed[part], name))
