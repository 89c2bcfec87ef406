"""Any audio classifier that names the emotions reads voices; what is not whole, trained and for 16 kHz is refused."""

import pickle
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    ASTConfig,
    ASTFeatureExtractor,
    ASTForAudioClassification,
    AutoFeatureExtractor,
    AutoModelForAudioClassification,
    WavLMForSequenceClassification,
)

from domain import EMOTIONS, Emotion
from inference.engine import Engine
from inference.int8 import Int8Linear
from inference.voice.checkpoint import CheckpointVoice
from inference.voice.decode import MIN_SECONDS, RATE
from inference.voice.model import VoiceModel, speech_seconds
from tests.inference import checkpoints as made
from tests.inference.checkpoints import NOUNS, Trap, Weights, change, rewrite
from tools import samples

KINDS = ("WavLM", "Hubert", "Wav2Vec2")
LOW, HIGH = (samples.voice(2.0, pitch)[::3] for pitch in (110, 260))
POSITIONS = "encoder.pos_conv_embed.conv"  # the convolution with weight norm, whose parts have had two names


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("checkpoints")
    return {kind: made.speech(home / kind, kind) for kind in KINDS}


@pytest.fixture(params=KINDS)
def any_kind(request: pytest.FixtureRequest, saved: dict[str, Path], tmp_path: Path) -> Path:
    kind: str = request.param
    return shutil.copytree(saved[kind], tmp_path / kind)


@pytest.fixture
def wavlm(saved: dict[str, Path], tmp_path: Path) -> Path:
    return shutil.copytree(saved["WavLM"], tmp_path / "wavlm")


def by_transformers(folder: Path, sound: Any, left_out: str = "contempt") -> Any:
    """What the library itself answers, without one label: NOUNS are in our order otherwise."""
    extractor = AutoFeatureExtractor.from_pretrained(folder)
    net = AutoModelForAudioClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        logits = net(**extractor(sound, sampling_rate=RATE, return_tensors="pt")).logits[0]
    kept = [n for n, noun in enumerate(NOUNS) if noun != left_out]
    return pytest.approx(logits[kept].double().softmax(0).numpy(), abs=1e-5)


def test_it_answers_as_in_transformers(any_kind: Path) -> None:
    voice = CheckpointVoice(any_kind)
    low, high = voice.probabilities(LOW), voice.probabilities(HIGH)
    assert low == by_transformers(any_kind, LOW)
    assert high == by_transformers(any_kind, HIGH)
    assert np.abs(low - high).max() > 0.01  # the voices are told apart


def test_a_net_that_sees_spectrograms_is_read_too(tmp_path: Path) -> None:
    sizes: dict[str, Any] = {"num_mel_bins": 16, "max_length": 64}
    config = ASTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        patch_size=8,
        **sizes,
        **made.named(NOUNS),
    )
    folder = made.kept(ASTForAudioClassification(config), ASTFeatureExtractor(**sizes), tmp_path / "ast")
    assert CheckpointVoice(folder).probabilities(LOW) == by_transformers(folder, LOW)


@pytest.mark.parametrize("normalised", [True, False])
def test_loudness_counts_where_the_checkpoint_was_trained_so(normalised: bool, tmp_path: Path) -> None:
    folder = made.speech(tmp_path / "net")
    change(folder / "preprocessor_config.json", do_normalize=normalised)
    voice = CheckpointVoice(folder)
    quiet, loud = voice.probabilities(LOW), voice.probabilities(4 * LOW)
    assert bool(np.abs(loud - quiet).max() < 1e-4) is normalised
    assert loud == by_transformers(folder, 4 * LOW)


def test_a_mask_that_is_asked_for_changes_nothing(any_kind: Path) -> None:
    before = CheckpointVoice(any_kind).probabilities(LOW)
    change(any_kind / "preprocessor_config.json", return_attention_mask=True)
    assert CheckpointVoice(any_kind).probabilities(LOW) == pytest.approx(before, abs=1e-5)


def test_a_voice_note_is_read_and_judged_as_by_the_bundled_model(saved: dict[str, Path]) -> None:
    ours, theirs = (
        engine.read("voice", samples.voice_note())
        for engine in (
            Engine(modalities=["voice"]),
            Engine(modalities=["voice"], checkpoints={"voice": saved["Hubert"]}),
        )
    )
    assert theirs.quality == ours.quality
    assert list(theirs.ms) == ["decode", "quality", "model"]
    assert sum(theirs.posterior.probabilities) == pytest.approx(1)
    assert ours.calibrated
    assert not theirs.calibrated


def test_long_and_shortest_sounds_are_read(any_kind: Path) -> None:
    model = VoiceModel(CheckpointVoice(any_kind))
    model.warm()
    long = np.tile(LOW, 10)
    for sound in (long, LOW[: int(MIN_SECONDS * RATE)]):
        assert model.probabilities(sound).sum() == pytest.approx(1)
    windows = [model.probabilities(part) for part in np.array_split(long, 3)]
    whole = np.average(windows, axis=0, weights=speech_seconds(long))  # 20 seconds are three windows
    assert model.probabilities(long) == pytest.approx(whole)


def test_a_temperature_that_was_measured_is_used(wavlm: Path) -> None:
    hot = CheckpointVoice(wavlm).probabilities(LOW)
    change(wavlm / "spec.json", temperature=4)
    voice = CheckpointVoice(wavlm)
    assert voice.calibrated
    assert voice.probabilities(LOW).max() < hot.max()


def test_half_precision_is_read_as_whole(any_kind: Path) -> None:
    whole = CheckpointVoice(any_kind).probabilities(LOW)
    rewrite(any_kind, lambda weights: {name: w.half() for name, w in weights.items()})
    change(any_kind / "config.json", dtype="float16")
    assert CheckpointVoice(any_kind).probabilities(LOW) == pytest.approx(whole, abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_with_eight_bits_allowed_it_answers_alike(kind: str, tmp_path: Path) -> None:
    folder = made.speech(tmp_path / kind, kind, scale=0.5)  # larger random weights enlarge any difference
    whole = CheckpointVoice(folder).probabilities(LOW)
    assert CheckpointVoice(folder, int8=True).probabilities(LOW) == pytest.approx(whole, abs=0.05)


def test_a_net_that_takes_the_weights_out_of_its_layers_stays_whole(wavlm: Path) -> None:
    net = CheckpointVoice(wavlm, int8=True).net
    assert not any(isinstance(layer, Int8Linear) for layer in net.modules())


def test_two_labels_of_one_emotion_are_added_up(tmp_path: Path) -> None:
    labels = ("angry", "calm", "disgust", "fearful", "happy", "neutral", "sad", "surprised")  # RAVDESS' own
    folder = made.speech(tmp_path / "two", labels=labels)
    extractor = AutoFeatureExtractor.from_pretrained(folder)
    inputs = extractor(LOW, sampling_rate=RATE, return_tensors="pt")
    with torch.inference_mode():
        p = WavLMForSequenceClassification.from_pretrained(folder)(**inputs).logits[0].softmax(0)
    read = CheckpointVoice(folder).probabilities(LOW)
    assert read[EMOTIONS.index(Emotion.NEUTRAL)] == pytest.approx(float(p[1] + p[5]), abs=1e-5)
    assert read.sum() == pytest.approx(1)


# What published checkpoints lack, carry or name otherwise, without being worse for it.


def without_mask(weights: Weights) -> Weights:
    return {name: w for name, w in weights.items() if not name.endswith("masked_spec_embed")}


def with_old_names(weights: Weights) -> Weights:
    old = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    for new, name in old.items():
        weights = {key.replace(f"{POSITIONS}.{new}", f"{POSITIONS}.{name}"): w for key, w in weights.items()}
    assert sum(key.endswith(("weight_g", "weight_v")) for key in weights) == 2
    return weights


@pytest.mark.parametrize("honest", [without_mask, with_old_names])
def test_published_weights_are_taken(honest: Callable[[Weights], Weights], any_kind: Path) -> None:
    before = CheckpointVoice(any_kind).probabilities(LOW)
    rewrite(any_kind, honest)
    assert CheckpointVoice(any_kind).probabilities(LOW) == pytest.approx(before, abs=1e-6)


def test_a_mask_that_the_config_has_no_use_for_is_let_lie(any_kind: Path) -> None:
    before = CheckpointVoice(any_kind).probabilities(LOW)
    change(any_kind / "config.json", mask_time_prob=0.0, mask_feature_prob=0.0)
    assert CheckpointVoice(any_kind).probabilities(LOW) == pytest.approx(before, abs=1e-6)


# What is refused.

refused = partial(made.refused, CheckpointVoice)


def without(*ends: str) -> Callable[[Weights], Weights]:
    return lambda weights: {name: w for name, w in weights.items() if not name.endswith(ends)}


def with_a_head_of_its_own(weights: Weights) -> Weights:
    """As a widely used checkpoint for speech emotions has it, which transformers silently replaces by a random one."""
    heads = {"projector.": "classifier.dense.", "classifier.": "classifier.output."}
    return {
        next((name.replace(a, b) for a, b in heads.items() if name.startswith(a)), name): w
        for name, w in weights.items()
    }


WEIGHTS: dict[str, Callable[[Weights], Weights]] = {
    "classifier.bias, classifier.weight missing": without("classifier.weight", "classifier.bias"),
    "projector.bias, projector.weight missing": without("projector.weight", "projector.bias"),
    "missing.* classifier.dense.bias, .*classifier.output.weight unexpected": with_a_head_of_its_own,
    f"{POSITIONS}.parametrizations.weight.original1 missing": without("original1"),
    r"layers.1.attention.q_proj.weight missing": without("layers.1.attention.q_proj.weight"),
    "layer_weights unexpected": lambda weights: weights | {"layer_weights": torch.ones(3) / 3},
    "classifier.bias of another shape": lambda weights: weights | {"classifier.bias": torch.zeros(5)},
}


@pytest.mark.parametrize("fault", WEIGHTS)
def test_weights_must_fit_exactly(fault: str, any_kind: Path) -> None:
    rewrite(any_kind, WEIGHTS[fault])
    refused(any_kind, f"its weights do not fit its config .*{fault}")


def test_an_encoder_that_nobody_taught_emotions_is_refused(wavlm: Path) -> None:
    net = WavLMForSequenceClassification.from_pretrained(wavlm)
    (wavlm / "model.safetensors").unlink()
    net.wavlm.save_pretrained(wavlm)
    refused(wavlm, "classifier.bias, classifier.weight, projector.bias, projector.weight missing")


def test_weights_that_are_not_numbers_are_refused(any_kind: Path) -> None:
    rewrite(any_kind, lambda weights: {k: torch.full_like(w, float("nan")) for k, w in weights.items()})
    refused(any_kind, "does not answer with 8 numbers")


def test_a_net_that_needs_longer_sounds_than_people_may_send_is_refused(tmp_path: Path) -> None:
    refused(made.speech(tmp_path / "net", conv_kernel=(10, 500)), "it cannot read a sound .*500")


@pytest.mark.parametrize("rate", [8000, 44_100, None, "fast"])
def test_only_sound_at_16_khz_is_taken(rate: object, wavlm: Path) -> None:
    change(wavlm / "preprocessor_config.json", sampling_rate=rate)
    if rate is None:  # the library's own default is ours
        assert CheckpointVoice(wavlm).probabilities(LOW).sum() == pytest.approx(1)
    else:
        refused(wavlm, f"it takes sound at a sampling_rate of {rate}, and Attune's is at 16000")


def test_what_prepares_no_sound_is_refused(wavlm: Path) -> None:
    (wavlm / "preprocessor_config.json").unlink()
    refused(wavlm, r"its preprocessor_config\.json cannot be used")
    change(wavlm / "preprocessor_config.json", feature_extractor_type="HouseMadeExtractor", model_type="none")
    change(wavlm / "config.json", feature_extractor_type="HouseMadeExtractor")
    refused(wavlm, r"its preprocessor_config\.json cannot be used")


CONFIGS: dict[str, dict[str, Any]] = {
    "transformers cannot load it .*house_made": {"model_type": "house_made"},
    "transformers cannot load it .*AutoModelForAudioClassification": {"model_type": "vit"},
    "its weights do not fit its config": {"intermediate_size": 32},
    r"does not name the labels \(id2label\)": {"id2label": None},
    "no emotion is named by LABEL_0, LABEL_1": {"id2label": {"0": "LABEL_0", "1": "LABEL_1"}},
    "no emotion is named by arousal, dominance": {"id2label": {"0": "arousal", "1": "dominance"}},
    "no label for disgust, fear, surprise among neu, hap, ang, sad": {
        "id2label": dict(enumerate(("neu", "hap", "ang", "sad")))
    },
}


@pytest.mark.parametrize("why", CONFIGS)
def test_a_config_that_cannot_be_read_is_refused(why: str, wavlm: Path) -> None:
    change(wavlm / "config.json", **CONFIGS[why])
    refused(wavlm, why)


@pytest.mark.parametrize("also_safe", [False, True])
def test_nothing_is_unpickled(also_safe: bool, any_kind: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    (any_kind / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(sprung)))
    if also_safe:
        CheckpointVoice(any_kind)
    else:
        (any_kind / "model.safetensors").unlink()
        refused(any_kind, "pytorch_model.bin is a pickle")
    assert not sprung.exists()


@pytest.mark.parametrize("model_type", ["wavlm", "house_made"])
def test_code_that_comes_along_is_never_run(model_type: str, wavlm: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (wavlm / "house.py").write_text(made.code(ran))
    mapped = {"AutoConfig": "house.Config", "AutoModelForAudioClassification": "house.Net"}
    change(wavlm / "config.json", auto_map=mapped, model_type=model_type)
    change(wavlm / "preprocessor_config.json", auto_map={"AutoFeatureExtractor": "house.Extractor"})
    if model_type == "wavlm":
        CheckpointVoice(wavlm)  # the library's own classes read it
    else:
        refused(wavlm, "custom code")
    assert not ran.exists()
