"""Make the bundles under inference/weights from training checkpoints, with the figures of the held-out people.

    python -m training.export face --init runs/face/face.safetensors
    python -m training.export voice --init runs/voice/train.safetensors

Choices (head shares, temperatures, thresholds) come from validation people: FER-2013's PublicTest, the validation
speakers. PrivateTest is only counted. A face's probabilities say how likely it is that most people see that emotion
in it: they are fitted to the majority of FERPlus' votes.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from scipy.special import softmax
from torch import Tensor

from domain import EMOTIONS
from inference.bundles import WEIGHTS
from inference.face.bundled import BundledClassifier, pooled_heads
from inference.face.net import ExpressionNet, ExpressionNetConfig
from inference.voice.bundled import BundledVoice
from training.calibration import Floats, Ints, fit_temperature, least_sure, precisions, summary
from training.data import data_root
from training.face.data.faces import Faces
from training.face.data.fer2013 import load_tests
from training.face.train import flip_averaged_logits
from training.shipped import write_weights
from training.voice.data.clips import Clip
from training.voice.data.corpora import load_corpus
from training.voice.distillation.distill import Student
from training.voice.evaluation.cross_fitting import cross_fitted
from training.voice.evaluation.metrics import rated, validation_logits

LABELS = [e.value for e in EMOTIONS]
COUNT = len(LABELS)


def write_bundle(folder: Path, state: dict[str, Tensor], spec: dict[str, Any]) -> None:
    """Store weights as fp16 with a spec that names their sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = write_weights(folder / "model.safetensors", state)
    _write_json(folder / "spec.json", {"labels": LABELS, "sha256": digest, **spec})


def export_face(init: Path, command: str) -> None:
    """Write the face bundle: choose head shares and temperature on PublicTest, count on PrivateTest."""
    net = ExpressionNet(ExpressionNetConfig())
    net.load_state_dict(load_file(init))
    data = load_tests(data_root() / "face")
    logits = {
        name: flip_averaged_logits(net, data[name].images, net.config.image_size)
        for name in ("PublicTest", "PrivateTest")
    }
    public = data["PublicTest"]
    share = max(
        np.arange(0, 1.01, 0.1),
        key=lambda s: _face_metrics(_mixed(logits["PublicTest"], s), public)["ferplus"]["accuracy"],
    )
    mixed = _mixed(logits["PublicTest"], share)
    known, majority = _majority(public)
    temperature = fit_temperature(mixed[known], np.eye(COUNT)[majority])
    metrics = {name: _face_metrics(_mixed(logits[name], share) / temperature, data[name]) for name in logits}
    p = softmax(mixed[known] / temperature, axis=1)
    spec = {
        "task": "facial expression of a grey face, cut as FER-2013 cuts them",
        "config": net.config.as_dict(),
        "preprocessing": {
            "grey": True,
            "size": net.config.image_size,
            "mean": 127,
            "deviation": 128,
            "mirrored": "where the first look gives less than .6",
        },
        "vote_share": round(float(share), 2),
        "temperature": round(temperature, 4),
        "licence": "weights for research and non-commercial use: FER-2013 is a research set without a clear licence "
        "on its pictures; FERPlus votes MIT; EfficientNet-Lite0 Apache-2.0",
        "training_command": command,
        "metrics": metrics,
        "sure_from": round(least_sure(p, majority), 3),
        "precision": dict(zip(LABELS, np.round(precisions(p, majority), 4).tolist(), strict=True)),
    }
    folder = WEIGHTS / "face"
    write_bundle(folder, net.state_dict(), spec)
    add_golden(folder, BundledClassifier(folder).probabilities(golden_face())[0])
    print(json.dumps(metrics, indent=1))


def export_voice(init: Path, command: str) -> None:
    """Write the voice bundle: fit the temperature on the validation speakers, and count there, too.

    There is no other labelled set.
    What is counted, and the threshold, rest on temperatures that were fitted to other speakers than each clip's own.
    """
    student = Student()
    student.load_state_dict(load_file(init))
    clips = _validation(data_root() / "voice")
    labels = np.array([c.label for c in clips])
    logits = validation_logits(student.net, clips).astype(float)
    temperature = fit_temperature(logits, np.eye(COUNT)[labels])
    p = cross_fitted(logits, labels, np.array([c.speaker for c in clips]))
    corpora = np.array([c.corpus for c in clips])
    metrics = {"pooled_validation": summary(p, labels)} | {
        str(c): summary(p[corpora == c], labels[corpora == c]) for c in np.unique(corpora)
    }
    spec = {
        "task": "vocal expression, mono 16 kHz",
        "config": student.net.config.to_diff_dict(),
        "preprocessing": {"rate": 16000, "standardised": True, "shortest_s": 3.2, "window_s": 8},
        "temperature": round(temperature, 4),
        "licence": "weights for research and non-commercial use: RAVDESS, nEMO, TESS and TurEV are non-commercial, "
        "ASED and URDU have no clear licence; Whisper-base, as whose first layers it began, is MIT",
        "training_command": command,
        "metrics": metrics,
        "sure_from": round(least_sure(p, labels), 3),
        "precision": dict(zip(LABELS, np.round(precisions(p, labels), 4).tolist(), strict=True)),
    }
    folder = WEIGHTS / "voice"
    write_bundle(folder, student.net.state_dict(), spec)
    add_golden(folder, BundledVoice(folder).probabilities(golden_voice()))
    print(json.dumps(metrics, indent=1))


def _validation(folder: Path) -> list[Clip]:
    return rated(load_corpus(folder))


def _mixed(logits: tuple[Tensor, Tensor], share: float) -> Floats:
    out: Floats = pooled_heads(*logits, float(share), 1.0).double().log().numpy()
    return out


def _face_metrics(logits: Floats, faces: Faces) -> dict[str, dict[str, float]]:
    p, (known, majority) = softmax(logits, axis=1), _majority(faces)
    return {"fer": summary(p, faces.fer), "ferplus": summary(p[known], majority)}


def _majority(faces: Faces) -> tuple[NDArray[np.bool_], Ints]:
    """Return which faces [n] most of FERPlus' raters gave one of the seven emotions, and which one [known]."""
    known = faces.has_majority_emotion
    return known, faces.votes[known].argmax(1)


def golden_face() -> Any:
    """Return a picture [1, 96, 96] uint8 that anybody can make again."""
    y, x = np.mgrid[:96, :96]
    return ((np.sin(x / 7) * np.cos(y / 11) + 1) * 127).astype(np.uint8)[None]


def golden_voice() -> Any:
    """Return 4 s of sound [64000], mono 16 kHz, that anybody can make again."""
    t = np.arange(64000) / 16000
    return (
        0.3 * np.sin(2 * np.pi * 180 * t + 3 * np.sin(2 * np.pi * 5 * t)) * np.sin(2 * np.pi * 2 * t) ** 2
    ).astype(np.float32)


def add_golden(folder: Path, probabilities: Floats) -> None:
    """Add to the spec what the stored weights answer to the golden input, for a test to compare with."""
    path = folder / "spec.json"
    spec = json.loads(path.read_text())
    _write_json(path, spec | {"golden": np.round(probabilities, 5).tolist()})


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=1) + "\n")


def main() -> None:
    """Write the bundle that the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["face", "voice"])
    parser.add_argument("--init", type=Path, help="the checkpoint")
    parser.add_argument("--command", default="", help="the training command, for the spec")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    {"face": export_face, "voice": export_voice}[args.what](args.init, args.command)


if __name__ == "__main__":
    main()
