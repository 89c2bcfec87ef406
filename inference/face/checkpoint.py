"""Any image classifier of transformers or timm that names the emotions, as a classifier of cut-out faces."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.checkpoints import (
    WEIGHTS_FILE,
    Checkpoint,
    check_weights,
    first_line,
    id2label,
    label_matrix,
    labels_of,
    load_strictly,
    open_checkpoint,
)
from inference.face.find import Picture, Shades

Images = list[Image.Image]
_PROBE = 224  # pixels: what most checkpoints take, and what those get that do not say


class CheckpointClassifier:
    """Reads faces as the checkpoint's own config says: its size, mean, deviation, and grey where it has one channel.

    Not safe to share between threads.
    """

    def __init__(self, folder: Path) -> None:
        """Load, check and try it; raises BadBundle (BadCheckpoint for most)."""
        checkpoint = open_checkpoint(folder)
        is_timm = "architecture" in checkpoint.config  # transformers says "architectures"
        labels = _timm_labels(checkpoint) if is_timm else id2label(checkpoint)
        matrix = label_matrix(checkpoint, labels)
        self._kept = np.flatnonzero(matrix.any(1))
        self._matrix = matrix[self._kept]
        self._logits, self._prepare, channels = (_timm if is_timm else _transformers)(checkpoint)
        self._mode: Shades = "L" if channels == 1 else "RGB"
        self._temperature = checkpoint.temperature
        self.shades: Shades = "L" if checkpoint.grey else self._mode
        self.calibrated = checkpoint.calibrated
        self.side = self._tried(checkpoint, len(labels))

    @torch.inference_mode()
    def probabilities(self, faces: Picture) -> NDArray[np.float64]:
        """Probabilities [n, 7] of faces [n, side, side], with a last axis of 3 where `shades` is RGB."""
        logits = self._logits(self._pixels(faces))[:, self._kept]
        known = (logits / self._temperature).softmax(1).double().numpy()
        out: NDArray[np.float64] = known @ self._matrix
        return out

    def _pixels(self, faces: Picture) -> Tensor:
        return self._prepare([Image.fromarray(face).convert(self._mode) for face in faces])

    def _tried(self, checkpoint: Checkpoint, labels: int) -> int:
        """The side of the pictures that the net takes. Raises BadCheckpoint unless it answers one as it should."""
        blank = np.zeros((1, _PROBE, _PROBE), np.uint8)
        try:
            with torch.inference_mode():
                pixels = self._pixels(blank)
                logits = self._logits(pixels)
        except Exception as error:  # any part of its config may be wrong
            checkpoint.refuse(f"it cannot read a picture ({first_line(error)})")
        if logits.shape != (1, labels) or not logits.isfinite().all():
            checkpoint.refuse(f"it does not answer with {labels} numbers, one for each label")
        return int(pixels.shape[-1])


Loaded = tuple[
    Callable[[Tensor], Tensor], Callable[[Images], Tensor], int
]  # net, its preparation, its channels


def _transformers(checkpoint: Checkpoint) -> Loaded:
    """Raises BadCheckpoint."""
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    net: Any = load_strictly(AutoModelForImageClassification, checkpoint)
    try:
        processor = AutoImageProcessor.from_pretrained(
            checkpoint.folder, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # as for the net itself
        checkpoint.refuse(f"its preprocessor_config.json cannot be used ({first_line(error)})")

    def prepare(images: Images) -> Tensor:
        pixels: Tensor = processor(images, return_tensors="pt")["pixel_values"]
        return pixels

    return lambda pixels: net(pixels).logits, prepare, getattr(net.config, "num_channels", 3)


def _timm(checkpoint: Checkpoint) -> Loaded:
    """Built from the config alone and filled here, since timm's own loading adapts weights. Raises BadCheckpoint."""
    data: Any = timm.data  # has no types
    try:
        net: nn.Module = timm.create_model(f"local-dir:{checkpoint.folder}", pretrained=False)
        config = data.resolve_model_data_config(net)
        transform = data.create_transform(**config, is_training=False)
        weights = load_file(checkpoint.folder / WEIGHTS_FILE)
    except Exception as error:  # what a config can make timm raise is without end
        checkpoint.refuse(f"timm cannot load it ({first_line(error)})")
    _fill(checkpoint, net, weights)
    return net.eval(), partial(_stacked, transform), config["input_size"][0]


def _fill(checkpoint: Checkpoint, net: nn.Module, weights: dict[str, Tensor]) -> None:
    own = net.state_dict()
    misshapen = [key for key in own.keys() & weights.keys() if own[key].shape != weights[key].shape]
    check_weights(checkpoint, own.keys() - weights.keys(), weights.keys() - own.keys(), misshapen)
    net.load_state_dict(weights)
    net.float()


def _stacked(transform: Callable[[Image.Image], Tensor], images: Images) -> Tensor:
    return torch.stack([transform(image) for image in images])


def _timm_labels(checkpoint: Checkpoint) -> list[str]:
    """timm keeps them beside its pretrained_cfg, older versions in it. Raises BadCheckpoint."""
    config = checkpoint.config
    inner = config.get("pretrained_cfg")
    names = config.get("label_names") or (inner.get("label_names") if isinstance(inner, dict) else None)
    return labels_of(checkpoint, names, "label_names")
