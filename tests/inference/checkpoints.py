"""Checkpoints of other people, as their libraries save them: tiny nets with random weights."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import timm
import torch
from timm.models import save_for_hf
from transformers import (
    PreTrainedModel,
    SwinConfig,
    SwinForImageClassification,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessor,
)

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


def kept(net: PreTrainedModel, processor: ViTImageProcessor, folder: Path) -> Path:
    spread(net)
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


def spread(net: torch.nn.Module) -> None:
    """Random weights so large that different faces get different answers."""
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in net.parameters():
            weights.copy_(torch.randn_like(weights) * 0.3)


def change(path: Path, **values: Any) -> None:
    """Set (or with None remove) keys of a JSON file."""
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({k: v for k, v in (old | values).items() if v is not None}))
