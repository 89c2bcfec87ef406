"""Define the face net: a small Swin transformer whose patch embedding is the front of an EfficientNet-Lite0."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import timm
from timm.layers.norm_act import BatchNormAct2d
from timm.models.swin_transformer import SwinTransformer
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

FER_LABELS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
VOTE_LABELS = (*FER_LABELS, "contempt")  # what FERPlus' ten raters could vote for


@dataclass(frozen=True, slots=True)
class ExpressionNetConfig:
    """Hold the sizes of the net; the defaults are the bundled one's."""

    image_size: int = 96  # pixels, square, grey
    stem_stages: int = 5  # stages of EfficientNet-Lite0, which end at strides 2, 4, 8, 16, 16
    embed_dim: int = 160
    depths: tuple[int, ...] = (4, 2)
    num_heads: tuple[int, ...] = (5, 10)
    window_size: int = 6  # tokens

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ExpressionNetConfig":
        """Make a config of what as_dict returned (JSON makes lists of tuples); raises TypeError for unknown sizes."""
        sizes: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**sizes)

    def as_dict(self) -> dict[str, Any]:
        """Return the sizes as spec.json holds them."""
        return asdict(self)


_STRIDES = (2, 4, 8, 16, 16, 32, 32)  # after each stage of EfficientNet-Lite0
_CHANNELS = (16, 24, 40, 80, 112, 192, 320)


class LiteStem(nn.Module):
    """Embed a grey image as tokens [batch, height, width, embed_dim], by convolutions that may start pretrained.

    Small Swins learn little from 28,000 faces without convolutions below them; these carry ImageNet's. Of the arguments
    that timm's SwinTransformer hands to its `embed_layer`, it takes those that matter here.
    """

    def __init__(self, stages: int, img_size: int, in_chans: int, embed_dim: int, **_: Any) -> None:
        super().__init__()
        lite: Any = timm.create_model("tf_efficientnet_lite0", in_chans=in_chans)
        self.conv_stem, self.bn1 = lite.conv_stem, lite.bn1
        self.blocks = nn.Sequential(*list(lite.blocks)[:stages])
        self.project = nn.Conv2d(_CHANNELS[stages - 1], embed_dim, 1)
        self.norm = nn.LayerNorm(embed_dim)
        side = img_size // _STRIDES[stages - 1]
        self.grid_size = (side, side)

    def forward(self, x: Tensor) -> Tensor:
        """Map images [batch, 1, size, size] to tokens [batch, height, width, embed_dim]."""
        x = self.project(self.blocks(self.bn1(self.conv_stem(x))))
        tokens: Tensor = self.norm(x.permute(0, 2, 3, 1))
        return tokens


class ExpressionNet(nn.Module):
    """Classify a grey face by two heads on one trunk: FERPlus' votes and FER-2013's own labels."""

    def __init__(self, config: ExpressionNetConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = SwinTransformer(
            img_size=config.image_size,
            in_chans=1,
            num_classes=0,
            embed_dim=config.embed_dim,
            depths=config.depths,
            num_heads=config.num_heads,
            window_size=config.window_size,
            drop_path_rate=0.1,
            embed_layer=partial(LiteStem, config.stem_stages),  # type: ignore[arg-type]
        )
        self.votes = nn.Linear(self.trunk.num_features, len(VOTE_LABELS))
        self.fer = nn.Linear(self.trunk.num_features, len(FER_LABELS))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Map standardised images [batch, 1, size, size] to logits of votes [batch, 8] and of FER [batch, 7]."""
        features = self.trunk(images)
        return self.votes(features), self.fer(features)


def fold_norms(net: nn.Module) -> None:
    """Fold every batch norm into the convolution before it, in place; for reading, not for training.

    The answers stay the same to the sixth digit, and come a twelfth sooner.
    """
    for parent in list(net.modules()):
        children = list(parent.named_children())
        for (first, convolution), (second, norm) in pairwise(children):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, BatchNormAct2d):
                setattr(parent, first, fuse_conv_bn_eval(convolution, norm))
                setattr(parent, second, norm.act)


def standardise(images: Tensor) -> Tensor:
    """Map grey levels 0..255 to the scale that EfficientNet-Lite was trained with (mean 127, deviation 128)."""
    return (images - 127.0) / 128.0
