"""Checkpoints of other people, as their libraries save them: tiny nets with random weights."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
import transformers
from safetensors.torch import load_file, save_file
from timm.models import save_for_hf
from transformers import (
    FeatureExtractionMixin,
    PreTrainedModel,
    SwinConfig,
    SwinForImageClassification,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessor,
    Wav2Vec2FeatureExtractor,
)

from inference.checkpoints import BadCheckpoint

NOUNS = ("anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")


def named(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: n for n, label in enumerate(labels)},
        "num_labels": len(labels),
    }


def swin(folder: Path, labels: Sequence[str] = NOUNS) -> Path:
    """Colour, 32 pixels."""
    config = SwinConfig(
        image_size=32,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1],
        num_heads=[1, 2],
        window_size=4,
        **named(labels),
    )
    return kept(
        SwinForImageClassification(config), ViTImageProcessor(size={"height": 32, "width": 32}), folder
    )


def grey_vit(folder: Path, labels: Sequence[str] = NOUNS) -> Path:
    """One channel, 24 pixels."""
    config = ViTConfig(
        image_size=24,
        patch_size=8,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_channels=1,
        **named(labels),
    )
    processor = ViTImageProcessor(size={"height": 24, "width": 24}, image_mean=[0.4], image_std=[0.2])
    return kept(ViTForImageClassification(config), processor, folder)


# Frames of 20 ms, as the published ones have, and sizes as small as they may be.
_SPEECH: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "conv_dim": (8, 8),
    "conv_kernel": (10, 32),
    "conv_stride": (10, 32),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 4,
    "num_conv_pos_embedding_groups": 2,
    "classifier_proj_size": 8,
    "feat_extract_norm": "layer",
    "conv_bias": True,
}


def speech(
    folder: Path, kind: str = "WavLM", labels: Sequence[str] = NOUNS, scale: float = 1.0, **config: Any
) -> Path:
    """A classifier of sound at 16 kHz: WavLM, Hubert or Wav2Vec2. A mean over time needs weights of a larger scale."""
    values = getattr(transformers, f"{kind}Config")(**_SPEECH | named(labels) | config)
    net = getattr(transformers, f"{kind}ForSequenceClassification")(values)
    return kept(net, Wav2Vec2FeatureExtractor(), folder, scale)


def kept(
    net: PreTrainedModel,
    processor: FeatureExtractionMixin | ViTImageProcessor,
    folder: Path,
    scale: float = 0.3,
) -> Path:
    spread(net, scale)
    net.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def timm_vit(folder: Path, labels: Sequence[str] = NOUNS, channels: int = 3) -> Path:
    """Saved by timm itself, 24 pixels."""
    net = timm.create_model(
        "vit_tiny_patch16_224",
        img_size=24,
        patch_size=8,
        embed_dim=16,
        depth=1,
        num_heads=2,
        in_chans=channels,
        num_classes=len(labels),
    )
    spread(net)
    save_for_hf(net, str(folder), model_config={"label_names": list(labels)}, safe_serialization=True)
    return folder


def spread(net: torch.nn.Module, scale: float = 0.3) -> None:
    """Random weights so large that different faces or voices get different answers."""
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in net.parameters():
            weights.copy_(torch.randn_like(weights) * scale)


def change(path: Path, **values: Any) -> None:
    """Set (or with None remove) keys of a JSON file."""
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({k: v for k, v in (old | values).items() if v is not None}))


Weights = dict[str, torch.Tensor]


def rewrite(folder: Path, change_weights: Callable[[Weights], Weights]) -> None:
    path = folder / "model.safetensors"
    save_file(change_weights(load_file(path)), path, metadata={"format": "pt"})


def refused(load: Callable[[Path], object], folder: Path, why: str) -> None:
    """Loading it fails with one sentence that names the folder and matches `why`."""
    with pytest.raises(BadCheckpoint, match=why) as caught:
        load(folder)
    said = str(caught.value)
    assert said.startswith(str(folder))
    assert said.endswith(".")
    assert "\n" not in said


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def code(leaves: Path) -> str:
    """Python that leaves a file behind when it is run."""
    return f"from pathlib import Path\nPath({str(leaves)!r}).touch()\n"
