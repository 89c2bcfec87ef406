"""The bundled models answer as they did when they were exported, and nothing but the right weights is loaded."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from domain import EMOTIONS
from inference.bundles import WEIGHTS, BadBundle, open_bundle
from inference.errors import Code, Unreadable
from inference.face.bundled import BundledClassifier, pooled_heads
from inference.face.model import FaceModel
from inference.face.net import ExpressionNet, ExpressionNetConfig, fold_norms
from inference.voice.bundled import BundledVoice
from inference.voice.decode import RATE
from inference.voice.model import WINDOW, VoiceModel, windows
from inference.voice.net import MIN_SAMPLES
from tests.inference.pictures import pasted, saved
from tests.inference.sounds import tone, written
from tools import samples

FACE, VOICE = WEIGHTS / "face", WEIGHTS / "voice"
TOLERANCE = 2e-3  # processors differ in the last digits


@pytest.fixture(scope="module")
def face() -> FaceModel:
    return FaceModel(BundledClassifier(FACE))


@pytest.fixture(scope="module")
def voice() -> VoiceModel:
    return VoiceModel(BundledVoice(VOICE))


def golden(folder: Path) -> list[float]:
    values: list[float] = open_bundle(folder).spec["golden"]
    return values


def test_the_face_model_answers_as_when_it_was_exported(face: FaceModel) -> None:
    y, x = np.mgrid[:96, :96]
    picture = ((np.sin(x / 7) * np.cos(y / 11) + 1) * 127).astype(np.uint8)
    assert face.classifier.probabilities(picture[None])[0] == pytest.approx(golden(FACE), abs=TOLERANCE)


def test_the_voice_model_answers_as_when_it_was_exported(voice: VoiceModel) -> None:
    t = np.arange(64_000) / RATE
    sound = 0.3 * np.sin(2 * np.pi * 180 * t + 3 * np.sin(2 * np.pi * 5 * t)) * np.sin(2 * np.pi * 2 * t) ** 2
    assert voice.probabilities(sound.astype(np.float32)) == pytest.approx(golden(VOICE), abs=TOLERANCE)


def test_many_faces_are_read_as_each_alone(face: FaceModel) -> None:
    faces = np.random.default_rng(1).integers(0, 256, (3, 96, 96), np.uint8)
    together = face.classifier.probabilities(faces)
    assert together.shape == (3, 7)
    assert together.sum(1) == pytest.approx(1)
    assert together == pytest.approx(
        np.concatenate([face.classifier.probabilities(f[None]) for f in faces]), abs=TOLERANCE
    )


def test_a_doubtful_face_is_read_as_its_mirror_image_is(face: FaceModel) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (1, 96, 96), np.uint8)
    read = face.classifier.probabilities(picture)
    assert read.max() < 0.6
    assert read == pytest.approx(face.classifier.probabilities(picture[:, :, ::-1]), abs=TOLERANCE)


def test_loudness_tells_the_microphone_and_not_the_person(voice: VoiceModel) -> None:
    sound = samples.voice(3.5)[::3]
    quiet = voice.probabilities(sound / np.float32(20) + np.float32(0.1))
    assert quiet == pytest.approx(voice.probabilities(sound), abs=TOLERANCE)


def test_heads_are_pooled_without_contempt() -> None:
    votes, fer = torch.zeros(1, 8), torch.zeros(1, 7)
    votes[0, 7], fer[0, 3] = 9, 2
    assert pooled_heads(votes, fer, 1.0, 1.0)[0].numpy() == pytest.approx(1 / 7)
    assert pooled_heads(votes, fer, 0.0, 1.0)[0].numpy() == pytest.approx(fer.softmax(1)[0].numpy())
    warm, cold = (float(pooled_heads(votes, fer, 0.5, t).max()) for t in (2.0, 0.5))
    assert warm < cold


@pytest.mark.parametrize("samples_", [1, WINDOW, WINDOW + 1, RATE * 60])
def test_windows_cover_the_sound_in_equal_pieces(samples_: int) -> None:
    sound = np.arange(samples_, dtype=np.float32)
    pieces = windows(sound)
    assert all(len(piece) <= WINDOW for piece in pieces)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1
    assert (np.concatenate(pieces) == sound).all()


@pytest.mark.parametrize("length", [RATE // 4, MIN_SAMPLES - 1])
def test_a_short_sound_is_read_as_if_it_went_on(voice: VoiceModel, length: int) -> None:
    sound = samples.voice()[::3][:length]
    longer = np.resize(sound, MIN_SAMPLES)
    assert voice.probabilities(sound) == pytest.approx(voice.probabilities(longer), abs=TOLERANCE)


def test_a_selfie_is_read_step_by_step(face: FaceModel) -> None:
    reading = face.read(samples.selfie())
    assert list(reading.ms) == ["decode", "find", "quality", "model"]
    assert reading.quality["faces"] == 1
    assert sum(reading.posterior.probabilities) == pytest.approx(1)


def test_the_largest_face_is_the_one_that_is_read(face: FaceModel) -> None:
    two = face.read(saved(Image.fromarray(pasted(900, 640, (200, 20, 40), (420, 360, 20))), "JPEG"))
    one = face.read(saved(Image.fromarray(pasted(900, 640, (420, 360, 20))), "JPEG"))
    assert two.quality["faces"] == 2
    assert "several_faces" in two.hints
    assert two.posterior.probabilities == pytest.approx(one.posterior.probabilities, abs=0.05)


def test_a_face_that_is_small_at_a_glance_is_read_from_the_whole_photo(face: FaceModel) -> None:
    near = face.read(saved(Image.fromarray(pasted(640, 480, (240, 200, 40))), "PNG"))
    far = face.read(saved(Image.fromarray(pasted(1280, 960, (240, 400, 400))), "PNG"))
    assert far.quality["pixels"] == pytest.approx(near.quality["pixels"], rel=0.2)
    assert far.quality["sharpness"] == pytest.approx(near.quality["sharpness"], rel=0.2)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_face_that_is_cut_out_already_is_read_whole(face: FaceModel, mode: str) -> None:
    crop = np.random.default_rng(3).integers(0, 256, (48, 48), np.uint8)
    reading = face.read(saved(Image.fromarray(crop).convert(mode)))
    big = np.asarray(Image.fromarray(crop).resize((96, 96), Image.Resampling.BILINEAR))
    assert reading.posterior.probabilities == pytest.approx(
        face.classifier.probabilities(big[None])[0], abs=TOLERANCE
    )


def test_no_face_and_no_speech(face: FaceModel, voice: VoiceModel) -> None:
    for model, data, code in (
        (face, samples.scenery(), Code.NO_FACE),
        (voice, written(np.zeros(3 * RATE, np.float32)), Code.NO_SPEECH),
        (voice, written(tone(3, RATE)), Code.NO_SPEECH),
    ):
        with pytest.raises(Unreadable) as caught:
            model.read(data)
        assert caught.value.code is code


def test_a_minute_of_voice_is_read(voice: VoiceModel) -> None:
    reading = voice.read(written(np.tile(samples.voice(4.0)[::3], 15)))
    assert reading.quality["seconds"] == pytest.approx(60)
    assert sum(reading.posterior.probabilities) == pytest.approx(1)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(FACE, tmp_path / "face")


def change_spec(folder: Path, **changes: Any) -> None:
    path = folder / "spec.json"
    spec = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in spec.items() if v is not None}))


def flip_a_byte(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "is not the file": flip_a_byte,
    "is not the file that": lambda folder: change_spec(folder, sha256="0" * 64),
    "spec.json: .*No such file": lambda folder: (folder / "spec.json").unlink(),
    "model.safetensors": lambda folder: (folder / "model.safetensors").unlink(),
    "unexpected labels": lambda folder: change_spec(folder, labels=["happy", "sad"]),
    "unexpected labels .*surprise.*angry": lambda folder: change_spec(
        folder, labels=[e.value for e in reversed(EMOTIONS)]
    ),
    "has no config": lambda folder: change_spec(folder, config=None),
    "no number 'temperature'": lambda folder: change_spec(folder, temperature=None),
    "no number 'vote_share'": lambda folder: change_spec(folder, vote_share="half"),
    "spec.json": lambda folder: (folder / "spec.json").write_text("{"),
    "not an object": lambda folder: (folder / "spec.json").write_text("[]"),
    "do not fit": lambda folder: change_spec(folder, config={"embed_dim": 80, "num_heads": [5, 10]}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_bundle_is_refused(damage: str, copy: Path) -> None:
    DAMAGES[damage](copy)
    with pytest.raises(BadBundle, match=damage):
        BundledClassifier(copy)


def test_folding_norms_into_convolutions_changes_no_answer() -> None:
    torch.manual_seed(1)
    net = ExpressionNet(ExpressionNetConfig(depths=(1, 1))).train()
    images = torch.randn(4, 1, 96, 96)
    net(images)  # so that the norms have seen something
    net.eval()
    with torch.inference_mode():
        before = net(images)
        fold_norms(net)
        after = net(images)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in net.modules())
    for a, b in zip(before, after, strict=True):
        assert torch.allclose(a, b, atol=1e-4)


@pytest.mark.parametrize("change", ["less", "more"])
def test_weights_must_fit_exactly(change: str, copy: Path) -> None:
    path = copy / "model.safetensors"
    weights = load_file(path)
    if change == "more":
        weights["something.else"] = torch.zeros(1)
    else:
        del weights["fer.bias"]
    save_file(weights, path)
    change_spec(copy, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(BadBundle, match="do not fit"):
        BundledClassifier(copy)


@pytest.mark.parametrize("folder", [FACE, VOICE], ids=["face", "voice"])
def test_a_bundle_says_what_it_is(folder: Path) -> None:
    spec = open_bundle(folder).spec
    assert {path.name for path in folder.iterdir()} == {"model.safetensors", "spec.json"}
    assert {"task", "config", "preprocessing", "licence", "training_command", "metrics", "golden"} <= set(
        spec
    )
    assert sum(spec["golden"]) == pytest.approx(1, abs=1e-3)
