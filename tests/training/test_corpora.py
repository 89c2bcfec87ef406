"""The corpora's official names say the same as their papers, and what is wrong with a folder is said in a sentence."""

from pathlib import Path, PurePosixPath
from string import ascii_uppercase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.voice.decode import RATE
from inference.voice.net import LABELS
from tests.training.faces import write_csv
from tests.training.voices import hum, write_sound
from training.files import BadData
from training.voice.data.clips import split_of
from training.voice.data.corpora import NAMINGS, Named, load_corpus, recognise

OFFICIAL = {
    "Actor_12/03-01-05-01-02-01-12.wav": Named("ravdess", "en", "ravdess_12", "angry"),
    "Actor_01/03-01-02-02-01-02-01.wav": Named("ravdess", "en", "ravdess_01", "calm"),
    "1001_DFA_ANG_XX.wav": Named("cremad", "en", "cremad_1001", "angry"),
    "1040_ITH_SAD_X.wav": Named("cremad", "en", "cremad_1040", "sad"),
    "OAF_back_angry.wav": Named("tess", "en", "tess_OA", "angry"),
    "OA_bite_neutral.wav": Named("tess", "en", "tess_OA", "neutral"),
    "YAF_pleasant_surprised/YAF_dog_ps.wav": Named("tess", "en", "tess_YA", "surprise"),
    "wav/03a01Fa.wav": Named("emodb", "de", "emodb_03", "happy"),
    "wav/16b10Lb.wav": Named("emodb", "de", "emodb_16", "other"),
    "DC_a01.wav": Named("savee", "en", "savee_DC", "angry"),
    "AudioData/KL/su15.wav": Named("savee", "en", "savee_KL", "surprise"),
    "AudioData/JE/sa03.wav": Named("savee", "en", "savee_JE", "sad"),
}


@pytest.mark.parametrize("path", OFFICIAL)
def test_official_names_are_read(path: str) -> None:
    assert recognise(PurePosixPath(path)) == OFFICIAL[path]


@pytest.mark.parametrize(
    "path",
    [
        "03-02-05-01-02-01-12.wav",  # sung
        "01-01-05-01-02-01-12.mp4",  # a film of the same
        "03-01-09-01-02-01-12.wav",  # no such emotion
        "1001_DFA_BOR_XX.wav",
        "OAF_back_bored.wav",
        "03a01Xa.wav",
        "AB_a01.wav",  # nobody of SAVEE
        "a01.wav",  # without the speaker's folder
        "DC_z01.wav",
        "03a01Fa.txt",
        "",
    ],
)
def test_other_names_are_not(path: str) -> None:
    assert recognise(PurePosixPath(path)) is None


@given(st.text())
def test_any_name_can_be_asked_about(name: str) -> None:
    assert recognise(PurePosixPath(f"{name}.wav")) is None or name


two = st.integers(0, 99).map("{:02}".format)


@given(st.sampled_from(sorted(NAMINGS[0].emotions)), two, st.tuples(two, two, two))
def test_ravdess_parts_are_where_they_stand(emotion: str, actor: str, parts: tuple[str, ...]) -> None:
    named = recognise(PurePosixPath(f"03-01-{emotion}-{'-'.join(parts)}-{actor}.wav"))
    assert named == Named("ravdess", "en", f"ravdess_{actor}", NAMINGS[0].emotions[emotion])


@given(
    st.integers(1000, 9999), st.text(ascii_uppercase, min_size=3, max_size=3), st.sampled_from(["LO", "XX"])
)
def test_cremad_parts_are_where_they_stand(actor: int, sentence: str, level: str) -> None:
    named = recognise(PurePosixPath(f"{actor}_{sentence}_DIS_{level}.wav"))
    assert named == Named("cremad", "en", f"cremad_{actor}", "disgust")


@given(two, st.sampled_from("ab"), two, st.sampled_from("WLEAFTN"), st.sampled_from(["", "a", "d"]))
def test_emodb_parts_are_where_they_stand(
    speaker: str, kind: str, sentence: str, letter: str, take: str
) -> None:
    named = recognise(PurePosixPath(f"{speaker}{kind}{sentence}{letter}{take}.wav"))
    assert named == Named("emodb", "de", f"emodb_{speaker}", NAMINGS[3].emotions[letter])


def test_every_emotion_is_one_of_ours_or_other() -> None:
    for naming in NAMINGS:
        assert set(naming.emotions.values()) <= {*LABELS, "calm", "other"}


def test_several_corpora_may_lie_in_one_folder(tmp_path: Path) -> None:
    for path in OFFICIAL:
        write_sound(tmp_path / path)
    (tmp_path / "readme.txt").write_text("about")
    clips = {clip.path: clip for clip in load_corpus(tmp_path)}
    assert set(clips) == set(OFFICIAL)
    for path, named in OFFICIAL.items():
        clip = clips[path]
        assert (clip.corpus, clip.language, clip.speaker, clip.emotion) == named
        assert clip.split == split_of(named.corpus, named.speaker)
    assert clips["Actor_01/03-01-02-02-01-02-01.wav"].label == LABELS.index("neutral")
    assert clips["wav/16b10Lb.wav"].label == -1


def test_a_second_copy_is_left_out(tmp_path: Path) -> None:
    for folder in ("Actor_12", "audio_speech/Actor_12"):
        write_sound(tmp_path / folder / "03-01-05-01-02-01-12.wav")
    write_sound(tmp_path / "DC/a01.wav")
    write_sound(tmp_path / "JE/a01.wav")
    assert len(load_corpus(tmp_path)) == 3


@pytest.mark.parametrize(
    ("name", "rate"), [("wav", 48_000), ("flac", 8_000), ("ogg", 44_100), ("mp3", 16_000)]
)
def test_any_format_is_brought_to_16_khz(tmp_path: Path, name: str, rate: int) -> None:
    t = np.arange(rate) / rate
    write_sound(tmp_path / f"03a01Fa.{name}", (0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), rate)
    sound = load_corpus(tmp_path)[0].samples
    assert len(sound) == pytest.approx(RATE, rel=0.08)  # MP3 pads
    assert np.abs(np.fft.rfft(sound)).argmax() * RATE / len(sound) == pytest.approx(440, abs=3)
    assert np.abs(sound[RATE // 4 : RATE // 2]).max() == pytest.approx(0.3, abs=0.03)


def test_whole_speakers_validate_and_about_a_fifth_of_them() -> None:
    speakers = [f"cremad_{number}" for number in range(1001, 1092)]
    validating = [split_of("cremad", speaker) == "validation" for speaker in speakers]
    assert 0.1 < np.mean(validating) < 0.3
    assert {split_of("tess", speaker) for speaker in ("tess_OA", "tess_YA", *speakers)} == {"train"}


def manifest(folder: Path, names: tuple[str, ...], *rows: tuple[str, ...]) -> None:
    write_csv(folder / "manifest.csv", names, rows)
    write_sound(folder / "sounds/a.wav", hum(seconds=0.5))
    write_sound(folder / "sounds/b.wav", hum(seconds=0.5))


FULL = ("path", "speaker", "emotion", "corpus", "language", "split")


def test_a_manifest_is_read(tmp_path: Path) -> None:
    manifest(
        tmp_path,
        FULL,
        ("sounds/a.wav", "ann", "Happiness", "home", "nl", "test"),
        ("sounds/b.wav", "bob", "calm", "", "", ""),
    )
    a, b = load_corpus(tmp_path)
    assert (a.path, a.speaker, a.emotion, a.corpus, a.language, a.split) == (
        "sounds/a.wav",
        "ann",
        "happy",
        "home",
        "nl",
        "test",
    )
    assert (b.corpus, b.language, b.split) == (tmp_path.name, "", split_of(tmp_path.name, "bob"))
    assert LABELS[b.label] == "neutral"
    assert len(a.sound) == RATE // 2


@pytest.mark.parametrize(
    ("names", "row", "sentence"),
    [
        (FULL[:2], ("sounds/a.wav", "ann"), "manifest.csv has no column emotion"),
        (FULL, ("sounds/a.wav", "ann", "hapy"), "line 2: no emotion is called hapy"),
        (FULL, ("sounds/a.wav", "ann", "happy", "", "", "dev"), "line 2: split is 'dev', not one of train"),
        (FULL, ("sounds/c.wav", "ann", "happy"), "line 2: .*c.wav is not a sound that can be read"),
        (FULL, ("manifest.csv", "ann", "happy"), "line 2: .*manifest.csv is not a sound that can be read"),
    ],
)
def test_what_is_wrong_in_a_manifest_is_named(
    tmp_path: Path, names: tuple[str, ...], row: tuple[str, ...], sentence: str
) -> None:
    manifest(tmp_path, names, row)
    with pytest.raises(BadData, match=sentence):
        load_corpus(tmp_path)


def test_nobody_is_in_two_splits(tmp_path: Path) -> None:
    rows = [
        (f"sounds/{name}.wav", "ann", "sad", "", "", split) for name, split in (("a", "train"), ("b", "test"))
    ]
    manifest(tmp_path, FULL, *rows)
    with pytest.raises(BadData, match="line 3: ann is in train and in test"):
        load_corpus(tmp_path)


def test_what_was_looked_for_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(
            BadData, match=r"looked for voices.csv, manifest.csv, and .* RAVDESS, CREMA-D, TESS"
        ):
            load_corpus(folder)


def test_a_sound_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "03a01Fa.wav").write_bytes(b"RIFF")
    with pytest.raises(BadData, match=r"03a01Fa.wav is not a sound"):
        load_corpus(tmp_path)
