"""Any checkpoint that names the emotions reads faces; whatever is not whole and trained is refused in a sentence."""

import json
import pickle
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from transformers import AutoImageProcessor, SwinForImageClassification

from domain import EMOTIONS, Emotion
from inference.checkpoints import Checkpoint, label_matrix
from inference.engine import Engine
from inference.face.checkpoint import CheckpointClassifier
from inference.face.model import FaceModel
from tests.inference import checkpoints as made
from tests.inference.checkpoints import NOUNS, Trap, Weights, change, rewrite
from tools import samples

# Three plain walls, little alike.
FACES = np.empty((3, 32, 32, 3), np.uint8)
FACES[:] = np.array([(250, 20, 90), (10, 240, 200), (5, 5, 5)])[:, None, None]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("checkpoints")
    return {
        "swin": made.swin(home / "swin"),
        "grey_vit": made.grey_vit(home / "grey_vit"),
        "timm": made.timm_vit(home / "timm"),
        "grey_timm": made.timm_vit(home / "grey_timm", channels=1),
    }


@pytest.fixture
def swin(saved: dict[str, Path], tmp_path: Path) -> Path:
    return shutil.copytree(saved["swin"], tmp_path / "swin")


@pytest.fixture
def vit(saved: dict[str, Path], tmp_path: Path) -> Path:
    return shutil.copytree(saved["timm"], tmp_path / "timm")


def without_contempt(logits: torch.Tensor) -> Any:
    """What the libraries themselves would answer, without contempt: NOUNS are in our order otherwise."""
    logits = logits.detach().double()
    kept = [n for n, noun in enumerate(NOUNS) if noun != "contempt"]
    return pytest.approx(logits[:, kept].softmax(1).numpy(), abs=1e-5)


def test_a_transformers_checkpoint_answers_as_in_transformers(saved: dict[str, Path]) -> None:
    processor = AutoImageProcessor.from_pretrained(saved["swin"])
    pixels = processor([Image.fromarray(face) for face in FACES], return_tensors="pt")
    logits = SwinForImageClassification.from_pretrained(saved["swin"])(**pixels).logits
    p = CheckpointClassifier(saved["swin"]).probabilities(FACES)
    assert p == without_contempt(logits)
    assert p.std(0).max() > 0.01  # the faces are told apart


def test_a_timm_checkpoint_answers_as_in_timm(saved: dict[str, Path]) -> None:
    net = timm.create_model(f"local-dir:{saved['timm']}", pretrained=True).eval()
    data: Any = timm.data  # has no types
    transform = data.create_transform(**data.resolve_model_data_config(net))
    logits = net(torch.stack([transform(Image.fromarray(face)) for face in FACES]))
    assert CheckpointClassifier(saved["timm"]).probabilities(FACES) == without_contempt(logits)


@pytest.mark.parametrize(
    ("name", "side", "colour_mode"),
    [("swin", 32, "RGB"), ("timm", 24, "RGB"), ("grey_vit", 24, "L"), ("grey_timm", 24, "L")],
)
def test_a_selfie_is_read_in_the_checkpoints_own_size_and_shades(
    saved: dict[str, Path], name: str, side: int, colour_mode: str
) -> None:
    classifier = CheckpointClassifier(saved[name])
    assert (classifier.side, classifier.colour_mode) == (side, colour_mode)
    model = FaceModel(classifier)
    model.warm()
    reading = model.read(samples.selfie())
    assert sum(reading.posterior.probabilities) == pytest.approx(1)
    assert reading.quality["faces"] == 1
    assert not reading.calibrated


def test_quality_does_not_depend_on_who_reads(saved: dict[str, Path]) -> None:
    ours, theirs = (
        engine.read("face", samples.selfie()).quality
        for engine in (
            Engine(modalities=["face"]),
            Engine(modalities=["face"], checkpoints={"face": saved["swin"]}),
        )
    )
    assert theirs["brightness"] == pytest.approx(ours["brightness"], abs=0.02)
    assert set(theirs) == set(ours)


def test_colour_is_seen_unless_the_net_was_trained_on_grey(swin: Path) -> None:
    face = np.zeros((1, 32, 32, 3), np.uint8)
    face[..., 0] = 200
    grey = np.asarray(Image.fromarray(face[0]).convert("L"))
    plain = CheckpointClassifier(swin).probabilities(face)
    change(swin / "spec.json", grey=True)
    classifier = CheckpointClassifier(swin)
    assert classifier.colour_mode == "L"
    repeated = np.repeat(grey[None, ..., None], 3, 3)
    assert not np.allclose(classifier.probabilities(grey[None]), plain, atol=1e-3)
    assert classifier.probabilities(grey[None]) == pytest.approx(classifier.probabilities(repeated))


def test_a_temperature_that_was_measured_is_used(swin: Path) -> None:
    hot = CheckpointClassifier(swin).probabilities(FACES)
    change(swin / "spec.json", temperature=4)
    classifier = CheckpointClassifier(swin)
    assert classifier.calibrated
    assert (classifier.probabilities(FACES).max(1) < hot.max(1)).all()


@pytest.mark.parametrize("temperature", [0, -1, "warm", float("nan"), [1]])
def test_a_temperature_that_makes_no_sense_is_refused(swin: Path, temperature: object) -> None:
    change(swin / "spec.json", temperature=temperature)
    refused(swin, "temperature")


def test_half_precision_is_read_as_whole(saved: dict[str, Path], swin: Path) -> None:
    rewrite(swin, lambda w: {k: v.half() for k, v in w.items()})
    change(swin / "config.json", dtype="float16")
    whole = CheckpointClassifier(saved["swin"]).probabilities(FACES)
    assert CheckpointClassifier(swin).probabilities(FACES) == pytest.approx(whole, abs=0.02)


@pytest.mark.parametrize("name", ["swin", "timm"])
def test_with_eight_bits_allowed_it_answers_alike(name: str, saved: dict[str, Path]) -> None:
    whole = CheckpointClassifier(saved[name]).probabilities(FACES)
    assert CheckpointClassifier(saved[name], int8=True).probabilities(FACES) == pytest.approx(whole, abs=0.05)


refused = partial(made.refused, CheckpointClassifier)

WEIGHTS: dict[str, Callable[[Weights], Weights]] = {
    "missing": lambda w: {k: v for k, v in w.items() if not k.startswith(("classifier", "head"))},
    "something.more unexpected": lambda w: w | {"something.more": torch.zeros(1)},
    "of another shape": lambda w: (
        w | {k: torch.zeros(5) for k in w if k.endswith(("classifier.bias", "head.bias"))}
    ),
}


@pytest.mark.parametrize("kind", ["swin", "vit"])
@pytest.mark.parametrize("fault", WEIGHTS)
def test_weights_must_fit_exactly(fault: str, kind: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(kind)
    rewrite(folder, WEIGHTS[fault])
    refused(folder, f"its weights do not fit its config .*{fault}")


def test_weights_that_are_not_numbers_are_refused(vit: Path) -> None:
    rewrite(vit, lambda w: {k: torch.full_like(v, float("nan")) for k, v in w.items()})
    refused(vit, "does not answer with 8 numbers")


@pytest.mark.parametrize("kind", ["swin", "vit"])
@pytest.mark.parametrize("also_safe", [False, True])
def test_nothing_is_unpickled(
    kind: str, also_safe: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder, sprung = request.getfixturevalue(kind), tmp_path / "sprung"
    for name in ("pytorch_model.bin", "model.safetensors.bin", "model.pth"):
        (folder / name).write_bytes(pickle.dumps(Trap(sprung)))
    if also_safe:
        CheckpointClassifier(folder)
    else:
        (folder / "model.safetensors").unlink()
        refused(folder, "is a pickle")
    assert not sprung.exists()


def test_a_pickle_that_calls_itself_safetensors_is_refused(swin: Path, tmp_path: Path) -> None:
    (swin / "model.safetensors").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    refused(swin, "transformers cannot load it")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("model_type", ["swin", "house_made"])
def test_code_that_comes_along_is_never_run(model_type: str, swin: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (swin / "house.py").write_text(made.code(ran))
    mapped = {"AutoConfig": "house.Config", "AutoModelForImageClassification": "house.Net"}
    change(swin / "config.json", auto_map=mapped, model_type=model_type)
    change(swin / "preprocessor_config.json", auto_map={"AutoImageProcessor": "house.Processor"})
    if model_type == "swin":
        CheckpointClassifier(swin)  # the library's own class reads it
    else:
        refused(swin, "transformers cannot load it .*custom code")
    assert not ran.exists()


CONFIGS: dict[str, dict[str, Any]] = {
    "transformers cannot load it .*house_made": {"model_type": "house_made"},
    "transformers cannot load it": {"num_heads": "many"},
    "its weights do not fit its config": {"embed_dim": 16},
    r"does not name the labels \(id2label\)": {"id2label": None},
    "does not name the labels": {"id2label": {"0": "angry", "2": "sad"}},
    "does not name the labels .id2label": {"id2label": ["angry", 1]},
    "no emotion is named by LABEL_0, LABEL_1": {"id2label": {"0": "LABEL_0", "1": "LABEL_1"}},
    "no emotion is named by cat": {"id2label": dict(enumerate((*NOUNS, "cat")))},
    "no label for fear, surprise among angry, disgust, happy": {
        "id2label": dict(enumerate(("angry", "disgust", "happy", "neutral", "sad")))
    },
}


@pytest.mark.parametrize("why", CONFIGS)
def test_a_config_that_cannot_be_read_is_refused(why: str, swin: Path) -> None:
    change(swin / "config.json", **CONFIGS[why])
    refused(swin, why)


TIMM: dict[str, dict[str, Any]] = {
    "timm cannot load it .*no_such_net": {"architecture": "no_such_net"},
    "timm cannot load it": {"model_args": {"depth": "deep"}},
    "timm cannot load it .*pretrained": {"model_args": {"pretrained": True}},
    r"does not name the labels \(label_names\)": {"label_names": None},
    "its weights do not fit": {
        "model_args": {"img_size": 24, "patch_size": 8, "embed_dim": 32, "depth": 1, "num_heads": 2}
    },
}


@pytest.mark.parametrize("why", TIMM)
def test_a_timm_config_that_cannot_be_read_is_refused(why: str, vit: Path) -> None:
    change(vit / "config.json", **TIMM[why])
    refused(vit, why)


def test_timms_older_place_for_labels(saved: dict[str, Path], vit: Path) -> None:
    inner = json.loads((vit / "config.json").read_text())["pretrained_cfg"] | {"label_names": list(NOUNS)}
    change(vit / "config.json", label_names=None, pretrained_cfg=inner)
    ours = CheckpointClassifier(vit).probabilities(FACES)
    assert ours == pytest.approx(CheckpointClassifier(saved["timm"]).probabilities(FACES))


def test_a_net_that_answers_otherwise_than_its_labels_is_refused(vit: Path) -> None:
    change(vit / "config.json", label_names=[*NOUNS, "joy"])
    refused(vit, "does not answer with 9 numbers")


def test_files_that_are_missing_are_named(swin: Path) -> None:
    (swin / "preprocessor_config.json").unlink()
    refused(swin, "preprocessor_config.json")
    (swin / "model.safetensors").rename(swin / "model-00001-of-00001.safetensors")
    refused(swin, "no model.safetensors")


SPELLINGS = {
    Emotion.ANGRY: ("angry", "Anger", "LABEL_angry", "ang"),
    Emotion.DISGUST: ("disgusted", "DISGUST", "1_disgust"),
    Emotion.FEAR: ("fear", "Fearful", "afraid", "scared "),
    Emotion.HAPPY: ("happiness", "joy", "3: happy"),
    Emotion.NEUTRAL: ("Neutral", "calm", "neu"),
    Emotion.SAD: ("sadness", "SAD"),
    Emotion.SURPRISE: ("Surprised", "surprise"),
}


def test_labels_are_known_by_many_names() -> None:
    pairs = [(name, emotion) for emotion, names in SPELLINGS.items() for name in names]
    matrix = label_matrix(Checkpoint(Path("x"), {}), [name for name, _ in pairs] + ["Contempt", "other"])
    assert [EMOTIONS[n] for n in matrix[:-2].argmax(1)] == [emotion for _, emotion in pairs]
    assert (matrix[:-2].sum(1) == 1).all()
    assert (matrix[-2:] == 0).all()


def test_two_labels_of_one_emotion_are_added_up(tmp_path: Path) -> None:
    labels = ("angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise")
    folder = made.swin(tmp_path / "two", labels)
    pixels = AutoImageProcessor.from_pretrained(folder)(list(FACES), return_tensors="pt")
    p = (
        SwinForImageClassification.from_pretrained(folder)(**pixels)
        .logits.softmax(1)
        .detach()
        .double()
        .numpy()
    )
    both = p[:, 1] + p[:, 5]
    assert CheckpointClassifier(folder).probabilities(FACES)[
        :, EMOTIONS.index(Emotion.NEUTRAL)
    ] == pytest.approx(both)
