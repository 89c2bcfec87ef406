"""Take the tagger's weights from the wheel of musicnn 0.1.0 (pip download --no-deps musicnn==0.1.0).

That package runs them with TensorFlow; the product reads them as safetensors into a net of its own and needs neither.
"""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from music.sound.tagger import SHAPES, Tagger
from training.files import BadData
from training.music.bundle import read_bundle

CHECKPOINT = "musicnn/MSD_musicnn/"
SHA256 = "8579734ee6388f799ed0def4bbd0d1fdcbeaf213ef2a9dc860917bd76a303de6"  # of its numbers
ORIGIN = (
    "musicnn 0.1.0 (ISC, (c) Music Technology Group, Universitat Pompeu Fabra 2019): MSD_musicnn, as float16"
)
# Filters whose answers never vary are dead: weight decay has taken them to 0. The least variance of a live one is 7e-5.
_DEAD = 1e-8
_EPSILON = 1e-3  # of TensorFlow's batch normalisation

Arrays = dict[str, Tensor]


def checkpoint(wheel: Path) -> Arrays:
    """Return the tensors in the wheel by their names in TensorFlow.

    Raises BadData when it holds another checkpoint.
    """
    with zipfile.ZipFile(wheel) as archive:
        index, data = (archive.read(CHECKPOINT + part) for part in (".index", ".data-00000-of-00001"))
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise BadData(f"{wheel}: {CHECKPOINT} is not the one of musicnn 0.1.0")
    return {
        name: torch.from_numpy(array.astype(np.float32)) for name, array in read_bundle(index, data).items()
    }


def converted(arrays: Arrays) -> Tagger:
    """Return the net of these tensors without its dead filters, normalisations folded.

    Raises KeyError or RuntimeError where they do not fit.
    """
    kinds = range(len(SHAPES))
    live = [_numbered(arrays, "batch_normalization", kind + 1, "moving_variance") > _DEAD for kind in kinds]
    state = dict(zip(("level.factor", "level.shift"), _scale(arrays, 0), strict=True))
    for kind in kinds:
        state |= {f"first.{kind}.{name}": part[live[kind]] for name, part in _filters(arrays, kind).items()}
    alive = torch.cat(live)
    for layer in range(3):
        state |= {f"middle.{layer}.{name}": part for name, part in _middle(arrays, layer, alive).items()}
    return Tagger.of(state | _dense(arrays, alive))


def _filters(arrays: Arrays, number: int) -> Arrays:
    """Return one convolution [count, 1, frames, bands] and the normalisation of what it answers."""
    factor, shift = _scale(arrays, number + 1)
    return {
        "filters.weight": _numbered(arrays, "conv2d", number, "kernel").permute(3, 2, 0, 1),
        "filters.bias": _numbered(arrays, "conv2d", number, "bias"),
        "scale.factor": factor,
        "scale.shift": shift,
    }


def _middle(arrays: Arrays, layer: int, alive: Tensor) -> Arrays:
    """Return one of the layers behind, with the channels before it in their own dimension.

    TensorFlow lays these side by side as if they were bands.
    """
    parts = _filters(arrays, len(SHAPES) + layer)
    weight = parts["filters.weight"].transpose(1, 3)
    return parts | {"filters.weight": weight if layer else weight[:, alive]}


def _dense(arrays: Arrays, alive: Tensor) -> Arrays:
    """Return the last layer but one with the normalisation before it.

    What dead filters always answer joins its bias.
    """
    factor, shift = _scale(arrays, 9)
    kernel = arrays["dense/kernel"]  # rows: strongest and mean of the first channel, ...
    weight = (kernel * factor[:, None]).unflatten(0, (-1, 2))
    silent = torch.where(alive, 0.0, _silent(arrays))
    kept = torch.cat([alive, torch.ones(len(weight) - len(alive), dtype=torch.bool)])
    return {
        "dense.weight": weight[kept].transpose(0, 1).flatten(0, 1).T,
        "dense.bias": arrays["dense/bias"] + shift @ kernel + silent @ weight[: len(alive)].sum(1),
    }


def _silent(arrays: Arrays) -> Tensor:
    """Return what each filter next to the sound answers where it hears nothing of what it looks for."""
    parts = [_filters(arrays, kind) for kind in range(len(SHAPES))]
    return torch.cat(
        [part["filters.bias"].relu() * part["scale.factor"] + part["scale.shift"] for part in parts]
    )


def _scale(arrays: Arrays, number: int) -> tuple[Tensor, Tensor]:
    """Return factor and shift of a batch normalisation."""
    gain, bias, mean, variance = (
        _numbered(arrays, "batch_normalization", number, part)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    factor = gain / (variance + _EPSILON).sqrt()
    return factor, bias - mean * factor


def _numbered(arrays: Arrays, layer: str, number: int, part: str) -> Tensor:
    return arrays[f"{layer}_{number}/{part}" if number else f"{layer}/{part}"]
