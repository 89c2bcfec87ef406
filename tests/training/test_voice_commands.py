"""The commands train, store and evaluate what the product then reads: small nets on corpora as they are handed out."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from transformers import WavLMConfig

from inference.voice.checkpoint import CheckpointVoice
from tests.inference import checkpoints as made
from tests.training.voices import SMALL, hum, loudness, plain, small_student, write_sound
from training.voice.__main__ import main
from training.voice.data.corpora import load_corpus
from training.voice.distillation.distill import DistillationSampler, distillation_loss
from training.voice.distillation.targets import TeacherTargets

Run = Callable[..., str]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on two emotions of twelve actors; returns what it prints."""
    for actor in range(1, 13):
        for emotion in ("03", "05"):
            name = f"03-01-{emotion}-01-01-01-{actor:02}.wav"
            write_sound(tmp_path / "voice" / name, hum(50 * int(emotion), 0.5, actor))
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    monkeypatch.setattr("training.voice.distillation.distill.compact_config", lambda: WavLMConfig(**SMALL))

    def run(*words: object) -> str:
        monkeypatch.setattr("sys.argv", ["training.voice", *map(str, words), "--threads", "1"])
        main()
        return capsys.readouterr().out

    return run


def test_a_compact_net_is_trained_and_evaluated(command: Run, tmp_path: Path) -> None:
    init, out = tmp_path / "init.safetensors", tmp_path / "out"
    save_file(small_student().state_dict(), init)
    said = command("train", "--init", init, "--minutes", 0.02, "--batch", 2, "--out", out)
    assert said.startswith("before: {'pooled': ")
    trained = load_file(out / "train.safetensors")
    assert trained.keys() == load_file(init).keys()
    assert not trained["net.classifier.weight"].equal(load_file(init)["net.classifier.weight"])
    found = json.loads(command("evaluate", "--init", out / "train.safetensors"))
    assert found["pooled"]["n"] == found["by corpus"]["ravdess"]["n"] == found["RAVDESS, eight labels"]["n"]
    left_out = command("evaluate", "--init", out / "train.safetensors", "--leave-out", "ravdess")
    assert json.loads(left_out)["pooled"]["n"] == 24


def test_imitation_goes_on_from_bundled_weights(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.voice.__main__.Teacher", lambda: loudness)
    init, out = tmp_path / "model.safetensors", tmp_path / "out"
    net = small_student().net.state_dict()
    save_file(net, init)  # a bundle holds the net alone, without the map to its teacher's values
    command("targets", "--out", out)
    taught = ("--targets", out, "--out", out, "--minutes", 0.02, "--batch", 2, "--rate", 0)
    command("imitate", "--init", init, *taught)
    learned = load_file(out / "imitate.safetensors")
    assert all(learned[f"net.{name}"].equal(weights) for name, weights in net.items())
    clips = load_corpus(tmp_path / "voice")
    sound, target = DistillationSampler(
        clips, TeacherTargets(out, clips), plain, np.random.default_rng(1)
    ).batch(4)
    student = small_student()
    before = distillation_loss(student(sound), target)
    student.load_state_dict(learned)
    assert distillation_loss(student(sound), target) < before - 0.2


def test_a_full_size_net_is_trained_by_the_same_command_and_read_by_the_product(
    command: Run, tmp_path: Path
) -> None:
    start, out = made.speech(tmp_path / "start"), tmp_path / "out"
    options = ("--net", start, "--rate", 1e-3, "--minutes", 0.02, "--batch", 2, "--out", out)
    assert command("train", *options).startswith("before: {'pooled': ")
    model = CheckpointVoice(out / "net")
    assert model.calibrated
    assert model.probabilities(hum(100, 1.0)).sum() == pytest.approx(1)


def test_a_full_size_net_imitates_nobody(command: Run, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--net takes no --distillation"):
        command("train", "--net", made.speech(tmp_path / "start"), "--init", "x", "--out", tmp_path / "out")
