"""Write weights that ship: safetensors whose floats are float16."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor


def write_weights(path: Path, tensors: Mapping[str, Tensor], about: dict[str, str] | None = None) -> str:
    """Write a file that everybody may read, with facts `about` it in its header, and return its sha256."""
    half = {k: v.half().contiguous() if v.is_floating_point() else v.contiguous() for k, v in tensors.items()}
    save_file(half, path, about)
    path.chmod(0o644)
    return hashlib.sha256(path.read_bytes()).hexdigest()
