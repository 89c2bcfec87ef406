"""Classify cut-out faces with any image classifier of transformers or timm that names the emotions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    id2label,
    label_matrix,
    labels_of,
    load_strictly,
    open_checkpoint,
)
from inference.errors import Fault, first_line
from inference.face.find import ColourMode, Picture
from inference.int8 import quantised_if_faster

Images = list[Image.Image]
_TEST_SIDE = 224  # pixels: what most checkpoints take, and what those get that do not say


class CheckpointClassifier:
    """Read faces as the checkpoint's own config says: its size, mean, deviation, and grey where it has one channel.

    Not safe to share between threads.
    """

    def __init__(self, folder: Path, int8: bool = False) -> None:
        """Load a checkpoint, check it and try it, with `int8` also in eight bits.

        Raises BadBundle (BadCheckpoint for most faults).
        """
        checkpoint = open_checkpoint(folder)
        is_timm = "architecture" in checkpoint.config  # transformers says "architectures"
        labels = _timm_labels(checkpoint) if is_timm else id2label(checkpoint)
        matrix = label_matrix(checkpoint, labels)
        self._kept = np.flatnonzero(matrix.any(1))
        self._matrix = matrix[self._kept]
        self._loaded = (_timm if is_timm else _transformers)(checkpoint)
        self._colour_mode: ColourMode = "L" if self._loaded.channels == 1 else "RGB"
        self._temperature = checkpoint.temperature
        self.colour_mode: ColourMode = "L" if checkpoint.grey else self._colour_mode
        self.calibrated = checkpoint.calibrated
        pixels = self._test_inputs(checkpoint, len(labels))
        self.side = int(pixels.shape[-1])
        if int8:
            self._loaded = replace(self._loaded, net=quantised_if_faster(self._loaded.net, logits_of, pixels))

    @torch.inference_mode()
    def probabilities(self, faces: Picture) -> NDArray[np.float64]:
        """Return probabilities [n, 7] of faces [n, side, side], with a last axis of 3 where `colour_mode` is RGB."""
        logits = logits_of(self._loaded.net, self._pixels(faces))[:, self._kept]
        known = (logits / self._temperature).softmax(1).double().numpy()
        out: NDArray[np.float64] = known @ self._matrix
        return out

    def _pixels(self, faces: Picture) -> Tensor:
        return self._loaded.prepare([Image.fromarray(face).convert(self._colour_mode) for face in faces])

    @torch.inference_mode()
    def _test_inputs(self, checkpoint: Checkpoint, labels: int) -> Tensor:
        """Return some pictures as the net takes them; raises BadCheckpoint unless it answers them as it should."""
        try:
            pixels = self._pixels(_test_pictures(4))
            logits = logits_of(self._loaded.net, pixels)
        except Exception as error:  # any part of its config may be wrong
            checkpoint.refuse(Fault.CANNOT_READ_PICTURE, reason=first_line(error))
        if logits.shape != (len(pixels), labels) or not logits.isfinite().all():
            checkpoint.refuse(Fault.OTHER_ANSWERS, count=labels)
        return pixels


def logits_of(net: nn.Module, pixels: Tensor) -> Tensor:
    """Return logits [n, labels] of a net: all that one of timm answers, a part of what one of transformers does."""
    answer = net(pixels)
    logits: Tensor = getattr(answer, "logits", answer)
    return logits


def _test_pictures(count: int) -> Picture:
    """Draw soft random patterns [count, _TEST_SIDE, _TEST_SIDE], for trying a net."""
    few = np.random.default_rng(0).integers(0, 256, (count, 7, 7), np.uint8)
    return np.stack([np.asarray(Image.fromarray(dots).resize((_TEST_SIDE, _TEST_SIDE))) for dots in few])


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Hold a net, what makes its inputs of pictures, and how many channels these have."""

    net: nn.Module
    prepare: Callable[[Images], Tensor]
    channels: int


def _transformers(checkpoint: Checkpoint) -> _Loaded:
    """Load a net of transformers with its image processor; raises BadCheckpoint."""
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    net = load_strictly(AutoModelForImageClassification, checkpoint)
    try:
        processor = AutoImageProcessor.from_pretrained(
            checkpoint.folder, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # as for the net itself
        checkpoint.refuse(Fault.BAD_PREPROCESSOR, reason=first_line(error))

    def prepare(images: Images) -> Tensor:
        pixels: Tensor = processor(images, return_tensors="pt")["pixel_values"]
        return pixels

    return _Loaded(net, prepare, getattr(net.config, "num_channels", 3))


def _timm(checkpoint: Checkpoint) -> _Loaded:
    """Build a net of timm from its config and fill it here, since timm's own loading adapts weights.

    Raises BadCheckpoint.
    """
    data: Any = timm.data  # has no types
    try:
        net: nn.Module = timm.create_model(f"local-dir:{checkpoint.folder}", pretrained=False)
        config = data.resolve_model_data_config(net)
        transform = data.create_transform(**config, is_training=False)
        weights = load_file(checkpoint.folder / WEIGHTS_FILE)
    except Exception as error:  # what a config can make timm raise is without end
        checkpoint.refuse(Fault.NOT_LOADED, library="timm", reason=first_line(error))
    _fill(checkpoint, net, weights)
    return _Loaded(net.eval(), partial(_stack, transform), config["input_size"][0])


def _fill(checkpoint: Checkpoint, net: nn.Module, weights: dict[str, Tensor]) -> None:
    own = net.state_dict()
    misshapen = [key for key in own.keys() & weights.keys() if own[key].shape != weights[key].shape]
    check_weights(checkpoint, own.keys() - weights.keys(), weights.keys() - own.keys(), misshapen)
    net.load_state_dict(weights)
    net.float()


def _stack(transform: Callable[[Image.Image], Tensor], images: Images) -> Tensor:
    return torch.stack([transform(image) for image in images])


def _timm_labels(checkpoint: Checkpoint) -> list[str]:
    """Return the labels, which timm keeps beside its pretrained_cfg and older versions in it; raises BadCheckpoint."""
    config = checkpoint.config
    inner = config.get("pretrained_cfg")
    names = config.get("label_names") or (inner.get("label_names") if isinstance(inner, dict) else None)
    return labels_of(checkpoint, names, "label_names")
