"""Read weights from files: safetensors under weights/, whose checksums stand in spec.json beside them."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from music.errors import BadWeights, Code, Problem

WEIGHTS = Path(__file__).parent / "weights"

T = TypeVar("T")


def read_weights(name: str, folder: Path, build: Callable[[dict[str, Tensor], dict[str, Any]], T]) -> T:
    """Return what `build` makes of the tensors in NAME.safetensors, as float32, and of spec.json.

    Raises BadWeights.
    """
    try:
        spec = json.loads((folder / "spec.json").read_text())
        data = (folder / f"{name}.safetensors").read_bytes()
        if hashlib.sha256(data).hexdigest() != spec["sha256"][name]:
            raise ValueError("not the weights that the spec describes")
        return build({key: tensor.float() for key, tensor in load(data).items()}, spec)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        kind = type(error).__name__
        raise BadWeights(
            Problem(Code.WEIGHTS_UNREADABLE, file=name, folder=folder.name, quote=kind)
        ) from error
