"""Fine-tune the whole voice net on labelled emotions, from a fitted head on."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from transformers.modeling_outputs import SequenceClassifierOutput

from inference.voice.net import LABELS, statistics
from training.average import moving_average
from training.loop import bf16_autocast, step, warm_up_cosine_decay, weight_decay_groups
from training.voice.distillation.distill import Recipe, Student, distillation_loss
from training.voice.finetuning.balanced_sampler import BalancedSampler, Batch, emotion_loss
from training.voice.finetuning.linear_classifier import Features

_DROPPED = 0.2  # of the statistics that the head reads
_REPORTS = 5

M = TypeVar("M", bound=nn.Module)


class StandardisedStudent(nn.Module):
    """Hold a student in training, whose head reads standardised statistics, a fifth of them dropped.

    Over clips, the statistics of a layer vary little around large means. A head that reads them as they are moves the
    logits of all clips alike at every step of Adam, further than clips differ. Dropping is done here, where it is the
    same for mean and deviation, and not in the trunk.
    """

    def __init__(self, student: Student, reference: Features) -> None:
        """Continue from a student; `reference` [n, d], its statistics of some clips, say what standard is."""
        super().__init__()
        self.student = student
        self.mean = nn.Buffer(torch.from_numpy(reference.mean(0)))
        self.deviation = nn.Buffer(torch.from_numpy(reference.std(0) + 1e-5))
        self.head = nn.Linear(len(self.mean), len(LABELS))
        _set_linear(
            self.head, student.net.classifier.weight * self.deviation, student.net.classifier(self.mean)
        )

    def forward(self, sound: Tensor) -> SequenceClassifierOutput:
        """Return `logits` [batch, 7] and `hidden_states` of all layers for standardised sound [batch, samples]."""
        states = self.student.net.states(sound)
        x = (statistics(states) - self.mean) / self.deviation
        logits = self.head(F.dropout(x, _DROPPED, self.training))
        return SequenceClassifierOutput(logits=logits, hidden_states=states)

    @property
    def trainee(self) -> "Trainee[StandardisedStudent]":
        """Return the trainee that this is: all of it is trained."""
        return Trainee(self, self.student.net.wavlm, imitation=self.student.imitation)

    def folded(self) -> Student:
        """Return a student that reads as it does, its head folded into the classifier."""
        student, weight = copy.deepcopy(self.student), self.head.weight / self.deviation
        _set_linear(student.net.classifier, weight, self.head.bias - weight @ self.mean)
        return student


@torch.no_grad()
def _set_linear(layer: nn.Linear, weight: Tensor, bias: Tensor) -> None:
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)


@dataclass(frozen=True, slots=True)
class Trainee(Generic[M]):
    """Hold what is trained: `net` maps sound [batch, samples] to `logits` [batch, 7].

    Its `trunk` has learned before. The rest of it, the head, learns `head_rate` times as fast as the trunk: 1 where
    it is fitted, more where it is new. `standardised` says what sound it takes; `imitation` maps its last layer to
    the teacher's values, where it has one.
    """

    net: M
    trunk: nn.Module
    head_rate: float = 1
    standardised: bool = True
    imitation: nn.Module | None = None

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """Return groups of parameters for an optimizer, by their peak rate and decay."""
        trunk = {id(p) for p in self.trunk.parameters()}
        parts = ([p for p in self.net.parameters() if (id(p) in trunk) is inside] for inside in (True, False))
        peaks = (rate, rate * self.head_rate)
        return [
            g | {"peak": peak}
            for peak, part in zip(peaks, parts, strict=True)
            for g in weight_decay_groups(part)
        ]


def loss_of(trainee: Trainee[M], batch: Batch, distillation: float) -> Tensor:
    """Return the emotions' loss plus, where the teacher's values are known, a weighted distillation loss."""
    with bf16_autocast():
        output = trainee.net(batch.sound)
    loss = emotion_loss(output.logits.float(), batch.labels, batch.corpus_labels)
    if trainee.imitation and len(batch.distilled):
        guess = trainee.imitation(output.hidden_states[-1][batch.distilled].float())
        loss = loss + distillation * distillation_loss(guess, batch.teacher_values)
    return loss


def train(
    trainee: Trainee[M],
    sampler: BalancedSampler,
    recipe: Recipe,
    distillation: float,
    report: Callable[[M, str], None],
    elapsed: Callable[[], float],
) -> M:
    """Train until `elapsed` says 1, and return the averaged net.

    `report` is told of it before, after every fifth of the way, and at the end. The rate warms up for a tenth of the
    way, under half a cosine.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = trainee.net.to(device)
    average, optimizer = moving_average(net), torch.optim.AdamW(trainee.parameter_groups(recipe.rate), lr=0.0)
    steps = reports = 0
    report(average.module, "before")
    while (share := elapsed()) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * warm_up_cosine_decay(share)
        net.train()
        loss = loss_of(trainee, sampler(recipe.batch).to(device), distillation)
        step(net, optimizer, loss)
        steps += 1
        average.update(net, step=steps)
        if share * _REPORTS > reports + 1:
            reports += 1
            report(average.module, f"{share:.0%}, {steps} steps of {recipe.batch}, loss {loss.item():.3f}")
    report(average.module, f"{steps} steps of {recipe.batch}")
    averaged: M = average.module
    return averaged
