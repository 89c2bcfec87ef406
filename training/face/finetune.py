"""Fine-tune on CK+ beside FER-2013, and measure that on people never seen."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inference.face.net import VOTE_LABELS
from training.average import moving_average
from training.face.data.augmentation import augment
from training.face.data.ckplus import CkPlus
from training.face.data.faces import Faces
from training.face.nets import Trainee
from training.face.train import Targets, batches, flip_averaged_logits, head_logits, loss_of, parameter_groups
from training.figures import confusion_figures
from training.folds import folds_by_person
from training.loop import step

FOLDS = 10
_NEUTRAL = VOTE_LABELS.index("neutral")


@dataclass(frozen=True, slots=True)
class Plan:
    """Say how long and how hard to fine-tune; each step sees as many faces of FER-2013 as of CK+."""

    steps: int = 120
    rate: float = 3e-4
    batch: int = 32
    seed: int = 1


def finetune(trainee: Trainee, posed: CkPlus, faces: Faces, plan: Plan) -> Trainee:
    """Return a copy of the trainee that has learned CK+ too; the one given stays as it is.

    Of FER-2013's faces the copy is to say what the one given says (learning without forgetting, Li & Hoiem 2016).
    Batch norms keep the statistics of FER-2013's faces: CK+'s studio light would shift them.
    """
    student = replace(trainee, net=copy.deepcopy(trainee.net).to(memory_format=torch.channels_last))
    teacher = copy.deepcopy(student.net).eval()
    average = moving_average(student.net, decay=0.97)
    optimizer = torch.optim.AdamW(parameter_groups(student, plan.rate), lr=0.0)
    labels, pictures, seen = (torch.from_numpy(a) for a in (posed.labels, posed.images, faces.images))
    old, new = (batches(len(part), plan.batch, plan.seed) for part in (seen, pictures))
    for number in range(plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(1.0, number / 10) * (1 - number / plan.steps)
        _train_with_frozen_norms(student.net)
        images, fresh = augment(seen[next(old)], student.size), next(new)
        loss = loss_of(student.net, images, soft_targets(teacher, images))
        loss = loss + posed_loss(student.net, augment(pictures[fresh], student.size), labels[fresh])
        step(student.net, optimizer, loss)
        average.update(student.net, step=number + 1)
    return replace(student, net=average.module)


def interpolated(old: Trainee, new: Trainee, share: float) -> Trainee:
    """Return the net whose weights lie this share of the way from the old one's to the new one's.

    It keeps most of both: what fine-tuning teaches comes early on the way, what it costs comes late (Wortsman et al.
    2022, robust fine-tuning).
    """
    net, target = copy.deepcopy(old.net), new.net.state_dict()
    mixed = {
        name: torch.lerp(values, target[name], share) if values.is_floating_point() else values
        for name, values in old.net.state_dict().items()
    }
    net.load_state_dict(mixed)
    return replace(old, net=net)


def _train_with_frozen_norms(net: nn.Module) -> None:
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


@torch.no_grad()
def soft_targets(net: nn.Module, images: Tensor) -> Targets:
    """Return what a net says of images [batch, 1, size, size] as targets for another."""
    votes, fer = head_logits(net, images)
    return Targets(votes.softmax(1), fer.softmax(1))


def posed_loss(net: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Return the cross-entropy of the head for votes on posed faces [batch, 1, size, size].

    CK+ has no neutral faces: how neutral they look is not judged.
    """
    votes, _ = head_logits(net, images)
    return F.cross_entropy(without_neutral(votes), labels.to(votes.device), label_smoothing=0.05)


def without_neutral(votes: Tensor) -> Tensor:
    """Return logits [n, 8] with the neutral ones so low that they get no share."""
    return votes.index_fill(1, torch.tensor([_NEUTRAL], device=votes.device), -1e4)


def predicted_labels(trainee: Trainee, posed: CkPlus) -> NDArray[np.int64]:
    """Return the label [n] predicted for each picture of CK+ by the head for votes, neutral left out."""
    votes, _ = flip_averaged_logits(trainee.net, posed.images, trainee.size)
    out: NDArray[np.int64] = without_neutral(votes).argmax(1).numpy()
    return out


def cross_validate(
    trainee: Trainee, posed: CkPlus, faces: Faces, plan: Plan, shares: Sequence[float]
) -> dict[float, dict[str, Any]]:
    """Fine-tune ten times, each time without the subjects that are then tested on.

    Returns figures for each share of the way from the given net to the fine-tuned one.
    """
    named_by = {share: np.empty(len(posed), np.int64) for share in shares}
    for number, test in enumerate(folds_by_person(posed.subjects, FOLDS), 1):
        student, tested = finetune(trainee, posed.only(~test), faces, plan), posed.only(test)
        for share, labels in named_by.items():
            labels[test] = predicted_labels(interpolated(trainee, student, share), tested)
        right = {share: round((n[test] == tested.labels).mean(), 3) for share, n in named_by.items()}
        print(f"fold {number}: {right} of {test.sum()}", flush=True)
    return {share: confusion_figures(labels, posed.labels) for share, labels in named_by.items()}
