"""A student begins as its teacher's first layers, and learns a front that feeds them."""

from itertools import count
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import WavLMConfig, WhisperConfig
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from inference.voice.decode import RATE
from tests.training.voices import SMALL, clip, hum, plain
from training.voice.data.clips import CROP
from training.voice.distillation.distill import Recipe, Student, align_frames
from training.voice.distillation.init_from_teacher import (
    FrontSampler,
    fit_distillation_map,
    front_features,
    init_from_teacher,
    mel_filters,
    train_front,
)
from training.voice.distillation.teacher import Teacher

UNITS = 40


@pytest.fixture
def teacher() -> Teacher:
    """One of random weights, whose layers are not near nothing as they are when they are made."""
    torch.manual_seed(2)
    config = WhisperConfig(d_model=16, encoder_layers=4, encoder_attention_heads=2, encoder_ffn_dim=UNITS)
    encoder = WhisperEncoder(config)
    with torch.no_grad():
        for parameter in encoder.layers.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    encoder.train(False)
    return Teacher((2,), encoder)


def student(units: int = UNITS) -> Student:
    sizes: dict[str, Any] = {"num_hidden_layers": 3, "do_stable_layer_norm": True, "intermediate_size": units}
    front_sizes = {
        "conv_dim": (16, 16),
        "conv_kernel": (400, 3),
        "conv_stride": (160, 2),
        "num_feat_extract_layers": 2,
    }
    torch.manual_seed(1)
    return Student(WavLMConfig(**(SMALL | sizes | front_sizes))).eval()


def fronts(teacher: Teacher) -> FrontSampler:
    heard = [clip(f"{pitch}.wav", sound=hum(pitch, 3.3)) for pitch in (110, 150, 230)]
    kept = clip("kept.wav", split="validation")
    return FrontSampler([*heard, kept], plain, teacher, np.random.default_rng(1))


def layered(ours: Student, x: Tensor) -> Tensor:
    """What the student's layers make of it, nothing added for distance."""
    for layer in ours.net.wavlm.encoder.layers:
        x = layer(x, attention_mask=None, position_bias=torch.zeros(2 * len(x), x.shape[1], x.shape[1]))[0]
    return x


@torch.no_grad()
def taught(teacher: Teacher, x: Tensor) -> Tensor:
    for layer in teacher.encoder.layers[:3]:
        out = layer(x, None)
        x = out[0] if isinstance(out, tuple) else out
    return x


@torch.no_grad()
def test_layers_of_the_same_size_compute_the_same(teacher: Teacher) -> None:
    heir, x = student(), torch.randn(1, 20, 16)
    assert not torch.allclose(layered(heir, x), taught(teacher, x), atol=0.1)
    init_from_teacher(heir, teacher, fronts(teacher).sounds(2))
    torch.testing.assert_close(layered(heir, x), taught(teacher, x), atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_of_narrower_layers_the_units_that_matter_are_kept(teacher: Teacher) -> None:
    layers: Any = teacher.encoder.layers
    for n, layer in enumerate(layers):
        layer.fc2.weight[:, n : n + 5] = 0  # so nothing is lost without these
    heir, x = student(UNITS - 5), torch.randn(1, 20, 16)
    init_from_teacher(heir, teacher, fronts(teacher).sounds(2))
    torch.testing.assert_close(layered(heir, x), taught(teacher, x), atol=1e-4, rtol=1e-4)


def test_the_front_comes_to_hear_what_the_teachers_does(teacher: Teacher) -> None:
    heir, heard, steps = student(), fronts(teacher), count()

    @torch.no_grad()
    def missed() -> float:
        sound, values = heard(3)
        ours, theirs = align_frames(front_features(heir.net.wavlm, sound), values)
        return float((ours - theirs).abs().mean())

    before = missed()
    train_front(heir, heard, Recipe(1e-2, 2), lambda: next(steps) / 25)
    assert missed() < 0.5 * before
    assert all(c.split == "train" for c in heard.clips)


def test_the_map_to_the_teachers_values_is_the_best_there_is() -> None:
    heir = student()
    sound = torch.randn(4, CROP)
    with torch.no_grad():
        states = heir.net.states(sound)[-1]
        wanted = states @ torch.randn(16, 1024) + 3
    fit_distillation_map(heir, lambda _: (sound, wanted), 4)
    torch.testing.assert_close(heir(sound), wanted, atol=0.05, rtol=0.05)


def test_filters_answer_to_their_pitch() -> None:
    bank = mel_filters(80, 400)
    assert bank.shape == (80, 400)
    t = torch.arange(400) / RATE
    heights = [
        (bank @ torch.sin(2 * torch.pi * hertz * t)).abs().reshape(-1, 4).amax(1).argmax()
        for hertz in (200, 1000, 5000)
    ]
    assert heights == sorted(heights)
    assert len(set(map(int, heights))) == 3


@pytest.mark.parametrize(("ours", "first"), [(160, 0), (159, 0), (158, 1), (156, 2)])
def test_frames_are_compared_where_they_lie(ours: int, first: int) -> None:
    theirs = torch.arange(160.0)[None, :, None]
    kept, wanted = align_frames(torch.zeros(1, ours, 1), theirs)
    assert kept.shape == wanted.shape
    assert wanted[0, 0].item() == first
