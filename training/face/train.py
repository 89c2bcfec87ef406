"""Train any two-headed net for so many minutes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inference.face.net import FER_LABELS, standardise
from training.average import moving_average
from training.face.data.augmentation import augment, upscale
from training.face.data.faces import Faces
from training.face.nets import Trainee
from training.loop import bf16_autocast, cosine_decay, save_weights, step

WEIGHTS = "face.safetensors"
_SMOOTHING = 0.1  # of FER's labels, a third of which people would not give again
_WARM_UP = 10_000  # faces
_DECAY = 0.05
_SLOW = 0.4  # the rate of pretrained parameters, as a share of the others'


@dataclass(frozen=True, slots=True)
class Targets:
    """Hold what the heads should say of each face: shares of votes [n, 8] and of FER's labels [n, 7]."""

    votes: Tensor
    fer: Tensor

    @classmethod
    def of(cls, faces: Faces) -> "Targets":
        """Return targets as people labelled the faces.

        Votes are 0 where nobody voted, so such faces teach only the other head.
        """
        count = len(FER_LABELS)
        one_hot = F.one_hot(torch.from_numpy(faces.fer), count).float()
        return cls(torch.from_numpy(faces.votes), one_hot * (1 - _SMOOTHING) + _SMOOTHING / count)

    def mixed_with(self, votes: Tensor, fer: Tensor, share: float) -> "Targets":
        """Return targets with a share of a teacher's posteriors, and the people's for the rest.

        Knowledge distillation (Hinton et al. 2015, arXiv:1503.02531) at temperature 1.
        """
        return Targets(torch.lerp(self.votes, votes, share), torch.lerp(self.fer, fer, share))

    def __getitem__(self, index: Tensor) -> "Targets":
        return Targets(self.votes[index], self.fer[index])

    def to(self, device: torch.device) -> "Targets":
        """Return the targets on a device."""
        return Targets(self.votes.to(device), self.fer.to(device))


def loss_of(net: nn.Module, images: Tensor, targets: Targets) -> Tensor:
    """Return the cross-entropy with the votes plus that with FER's labels.

    Images are [batch, 1, size, size], grey levels 0..255.
    """
    votes, fer = head_logits(net, images)
    targets = targets.to(votes.device)
    return soft_cross_entropy(votes, targets.votes) + soft_cross_entropy(fer, targets.fer)


def head_logits(net: nn.Module, images: Tensor) -> tuple[Tensor, Tensor]:
    """Return logits of votes [batch, 8] and of FER [batch, 7] for images [batch, 1, size, size] 0..255."""
    x = standardise(images.to(device_of(net))).contiguous(memory_format=torch.channels_last)
    votes, fer = net(x)
    return votes, fer


def device_of(net: nn.Module) -> torch.device:
    """Return the device that a net's parameters are on."""
    return next(net.parameters()).device


def soft_cross_entropy(logits: Tensor, shares: Tensor) -> Tensor:
    """Return the mean cross-entropy of logits [batch, k] with target shares [batch, k]."""
    return -(shares * logits.log_softmax(1)).sum(1).mean()


@torch.inference_mode()
def flip_averaged_logits(net: nn.Module, images: Any, size: int) -> tuple[Tensor, Tensor]:
    """Return logits of votes [n, 8] and of FER [n, 7] for grey faces [n, 48, 48] uint8.

    They are averaged with those of the mirrored face.
    """
    net.eval()
    out = []
    for batch in torch.from_numpy(images).split(128):
        x = upscale(batch, size)
        pair = [head_logits(net, view) for view in (x, x.flip(3))]
        out.append([(a + b).cpu() / 2 for a, b in zip(*pair, strict=True)])
    votes, fer = (torch.cat(parts) for parts in zip(*out, strict=True))
    return votes, fer


def scores(net: nn.Module, size: int, faces: Faces) -> dict[str, float]:
    """Return the accuracies of the FER head on FER's labels and of the vote head on FERPlus' majority."""
    votes, fer = flip_averaged_logits(net, faces.images, size)
    voted = faces.votes.sum(1) > 0
    right = votes.argmax(1).numpy() == faces.votes.argmax(1)
    return {
        "fer": round(float((fer.argmax(1).numpy() == faces.fer).mean()), 4),
        "ferplus": round(float(right[voted].mean()), 4) if voted.any() else 0.0,
    }


def store_predictions(trainee: Trainee, faces: Faces, path: Path) -> None:
    """Store a trained teacher's logits of every face as safetensors: `votes` [n, 8] and `fer` [n, 7]."""
    votes, fer = flip_averaged_logits(trainee.net, faces.images, trainee.size)
    save_file({"votes": votes, "fer": fer}, path)


def load_distillation_targets(paths: Sequence[Path], faces: Faces, share: float) -> Targets:
    """Return people's labels with a share of the teachers' mean posteriors.

    Reads what `store_predictions` wrote; raises SystemExit when that is of other faces.
    """
    teachers = [load_file(path) for path in paths]
    for path, taught in zip(paths, teachers, strict=True):
        if len(taught["votes"]) != len(faces):
            raise SystemExit(f"{path} holds {len(taught['votes'])} faces, the training part has {len(faces)}")
    votes, fer = (torch.stack([t[head].softmax(1) for t in teachers]).mean(0) for head in ("votes", "fer"))
    return Targets.of(faces).mixed_with(votes, fer, share)


def parameter_groups(trainee: Trainee, rate: float) -> list[dict[str, Any]]:
    """Return groups of parameters for an optimizer: pretrained ones learn slower.

    Norms and biases do not decay. `peak` is the highest learning rate of a group.
    """
    table: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, p in trainee.net.named_parameters():
        table.setdefault((name.startswith(trainee.pretrained or ("-",)), p.ndim > 1), []).append(p)
    return [
        {"params": ps, "peak": rate * (_SLOW if slow else 1), "weight_decay": _DECAY if decay else 0.0}
        for (slow, decay), ps in table.items()
    ]


def batches(n: int, size: int, seed: int) -> Iterator[Tensor]:
    """Yield indices [size] of full batches for ever, each pass over n in another order."""
    rng = np.random.default_rng(seed)
    while True:
        yield from (b for b in torch.from_numpy(rng.permutation(n)).split(size) if len(b) == size)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Say how to train: the peak of the rate, which follows half a cosine, and the faces of a step."""

    rate: float
    batch: int = 64
    seed: int = 1


def train(
    trainee: Trainee,
    data: dict[str, Faces],
    targets: Targets,
    recipe: Recipe,
    out: Path,
    elapsed: Callable[[], float],
) -> nn.Module:
    """Train on `data`'s Training until `elapsed` says 1, and return the averaged net.

    After every fifth of the way its weights are stored in the folder `out` and PublicTest's scores are printed.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = trainee.net.to(device).to(memory_format=torch.channels_last)
    average, optimizer = (
        moving_average(net),
        torch.optim.AdamW(parameter_groups(trainee, recipe.rate), lr=0.0),
    )
    images = torch.from_numpy(data["Training"].images)
    seen, reports = 0, 0

    def report(loss: float) -> None:
        save_weights(average.module, out / WEIGHTS)
        figures = scores(average.module, trainee.size, data["PublicTest"])
        print(f"{elapsed():.0%}: {seen / len(images):.2f} passes, loss {loss:.3f}, {figures}", flush=True)

    for steps, batch in enumerate(batches(len(images), recipe.batch, recipe.seed), 1):
        if (share := elapsed()) >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(1.0, seen / _WARM_UP) * cosine_decay(share)
        net.train()
        with bf16_autocast():
            loss = loss_of(net, augment(images[batch], trainee.size), targets[batch])
        step(net, optimizer, loss)
        average.update(net, step=steps)
        seen += len(batch)
        if share * 5 > reports + 1:
            reports += 1
            report(loss.item())
    report(loss.item())
    trained: nn.Module = average.module
    return trained
