"""The whole net learns emotions from labels and loses nothing that it starts with: on small nets and made voices."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from transformers import WavLMConfig, WavLMForSequenceClassification, WavLMModel

from inference.voice.net import LABELS, VoiceNet
from tests.training.voices import SMALL, clip, hum, loudness, plain, small_student
from training.loop import warm_up_cosine_decay
from training.voice.data.clips import CROP, Clip
from training.voice.data.crops import FRAME
from training.voice.distillation.distill import Recipe, Student
from training.voice.distillation.targets import TeacherTargets, store_targets
from training.voice.evaluation.metrics import validation_logits
from training.voice.finetuning.balanced_sampler import BalancedSampler, emotion_loss, labels_by_corpus
from training.voice.finetuning.finetune import StandardisedStudent, Trainee, train
from training.voice.finetuning.linear_probe import features

ALL = torch.ones(1, len(LABELS), dtype=torch.bool)


def until(steps: int) -> Callable[[], float]:
    """A clock that so many steps fill."""
    number = count()
    return lambda: next(number) / steps


def spoken(split: str, repeats: int) -> list[Clip]:
    """Each emotion at a pitch of its own."""
    pitches = dict(zip(LABELS, np.geomspace(90, 340, len(LABELS)), strict=True))
    return [
        clip(f"{split}{n}{label}", emotion=label, split=split, sound=hum(pitch * (1 + n / 60), 3.2, n))
        for n in range(repeats)
        for label, pitch in pitches.items()
    ]


def fitted(clips: list[Clip]) -> Student:
    from training.voice.finetuning.linear_probe import fit_head

    student = small_student()
    fit_head(student.net, clips)
    return student


def test_the_net_is_transformers_own_but_for_what_it_reads() -> None:
    net = VoiceNet(WavLMConfig(**SMALL))
    assert isinstance(net, WavLMForSequenceClassification)
    trunk = {f"wavlm.{name}" for name in WavLMModel(net.config).state_dict()}
    assert set(net.state_dict()) == trunk | {"classifier.weight", "classifier.bias"}


def test_a_pupil_reads_as_the_student_it_was_and_as_the_one_it_becomes() -> None:
    student = small_student()
    pupil = StandardisedStudent(student, features(student.net, spoken("train", 1))).eval()
    sound = torch.from_numpy(np.stack([hum(pitch, 3.2) for pitch in (100, 200)]))
    before = student.net(sound).logits
    torch.testing.assert_close(pupil(sound).logits, before, atol=1e-4, rtol=1e-4)
    with torch.no_grad():
        pupil.head.weight.mul_(1.5)
        pupil.head.bias.add_(torch.arange(7.0))
    after = pupil.folded().net.train(False)(sound).logits
    torch.testing.assert_close(after, pupil(sound).logits, atol=1e-4, rtol=1e-4)
    assert torch.equal(student.net(sound).logits, before)


def test_a_fine_tuned_net_does_not_fall_below_its_fitted_head() -> None:
    """Not on the way either: of the first steps after a fitted head many recipes never recover."""
    known, fresh = spoken("train", 3), spoken("validation", 1)
    student, shares = fitted(known), []

    def report(net: StandardisedStudent, _: str) -> None:
        logits = torch.from_numpy(validation_logits(net, fresh))
        labels = torch.tensor([c.label for c in fresh])
        shares.append(-F.cross_entropy(logits, labels).item())

    sampler = BalancedSampler(known, plain, np.random.default_rng(1))
    pupil = StandardisedStudent(student, features(student.net, known))
    train(pupil.trainee, sampler, Recipe(rate=1e-3, batch=7), 0, report, until(25))
    assert len(shares) == 6
    assert min(shares) > shares[0] - 0.1
    assert shares[-1] > shares[0]


def test_imitation_goes_on_beside_the_labels(tmp_path: Path) -> None:
    known = spoken("train", 1)
    store_targets(loudness, known, tmp_path)
    student = small_student()
    sampler = BalancedSampler(known, plain, np.random.default_rng(1), TeacherTargets(tmp_path, known))
    before = student.imitation.weight.clone()
    pupil = StandardisedStudent(student, features(student.net, known))
    train(pupil.trainee, sampler, Recipe(1e-3, 2), 0.5, lambda *_: None, until(3))
    assert not torch.equal(student.imitation.weight, before)


def test_the_rate_warms_up_and_ends_at_nothing() -> None:
    rates = [warm_up_cosine_decay(share) for share in np.linspace(0, 1, 101)]
    assert rates[0] == 0
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert int(np.argmax(rates)) == 10
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_a_new_head_learns_faster_than_its_trunk() -> None:
    net = nn.ModuleDict({"trunk": nn.Linear(2, 2), "head": nn.Linear(2, 2)})
    groups = Trainee(net, net["trunk"], head_rate=10).parameter_groups(1e-3)
    peaks = {id(p): (g["peak"], g["weight_decay"]) for g in groups for p in g["params"]}
    assert [peaks[id(p)][0] for p in net.parameters()] == pytest.approx([1e-3, 1e-3, 1e-2, 1e-2])
    assert [peaks[id(p)][1] > 0 for p in net.parameters()] == [True, False, True, False]


def voices() -> list[Clip]:
    return [
        *(clip(f"a{n}", "acted", emotion=e) for n, e in enumerate(("happy", "happy", "happy", "sad"))),
        clip("r", "read", emotion="neutral"),
        clip("v", "acted", emotion="angry", split="validation"),
        clip("o", "acted", emotion="other"),
    ]


def test_a_corpus_has_the_labels_of_its_clips_and_read_speech_all() -> None:
    own = labels_by_corpus(voices())
    assert [LABELS[n] for n in np.flatnonzero(own["acted"])] == ["angry", "happy", "sad"]
    assert own["read"].all()


def test_lessons_are_drawn_evenly_by_label_and_only_from_what_is_trained_on() -> None:
    acted = [clip(f"n{n}", "acted", emotion="neutral", sound=hum(100 + n)) for n in range(4)]
    batch = BalancedSampler([*voices(), *acted], plain, np.random.default_rng(1))(150)
    drawn = Counter(LABELS[n] for n in batch.labels.tolist())
    assert set(drawn) == {"happy", "sad", "neutral"}
    assert min(drawn.values()) > 30
    read = int(batch.corpus_labels[batch.labels == LABELS.index("neutral")].all(1).sum())
    assert 0 < read < 15  # a quarter of the root of 1 beside the root of 4: one in nine
    assert batch.sound.shape == (150, CROP)
    assert batch.sound.std(1).tolist() == pytest.approx([1] * 150, abs=1e-3)
    assert batch.corpus_labels[batch.labels == LABELS.index("sad"), LABELS.index("angry")].sum() == 0
    assert len(batch.distilled) == 0


def test_a_crop_that_is_taught_goes_with_its_frames(tmp_path: Path) -> None:
    """The teacher hears how loud a frame is, so the crop's own loudness tells whether they belong together."""
    known = [clip("a", emotion="sad", sound=hum(120, 6.0)), clip("b", emotion="happy", sound=hum(220, 2.0))]
    store_targets(loudness, known, tmp_path)
    batch = BalancedSampler(
        known, plain, np.random.default_rng(1), TeacherTargets(tmp_path, known), standardised=False
    )(12)
    assert 0 < len(batch.distilled) < 12
    for row, values in zip(batch.distilled, batch.teacher_values, strict=True):
        levels = batch.sound[row].reshape(-1, FRAME).std(1).log()
        assert np.corrcoef(levels, values[:, 0])[0, 1] > 0.9


def loss(logits: Tensor, label: str, own: Tensor) -> float:
    return emotion_loss(logits, torch.tensor([LABELS.index(label)]), own).item()


def test_with_all_labels_the_loss_is_cross_entropy() -> None:
    logits, labels = torch.randn(5, 7), torch.tensor([0, 1, 2, 6, 3])
    expected = F.cross_entropy(logits, labels, label_smoothing=0.1)
    assert emotion_loss(logits, labels, ALL.expand(5, 7)) == pytest.approx(expected)


def test_a_label_that_the_corpus_lacks_costs_little_until_it_drifts_off() -> None:
    own = ALL.clone()
    own[0, LABELS.index("surprise")] = False
    even = torch.zeros(1, 7)
    surprised = even.clone()
    surprised[0, LABELS.index("surprise")] = 1
    assert loss(surprised, "happy", own) - loss(even, "happy", own) < 0.1
    assert loss(surprised, "happy", ALL) - loss(even, "happy", ALL) > 0.2
    assert loss(8 * surprised, "happy", own) - loss(even, "happy", own) > 2
