"""Writes what music.sound.stored reads."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor


def export(folder: Path, name: str, tensors: Mapping[str, Tensor], **facts: object) -> None:
    """Write NAME.safetensors (float16), and its checksum and `facts` into spec.json, which keeps all else it says."""
    folder.mkdir(parents=True, exist_ok=True)
    path, spec = folder / f"{name}.safetensors", folder / "spec.json"
    save_file({key: tensor.half().contiguous() for key, tensor in tensors.items()}, path)
    path.chmod(0o644)
    told = json.loads(spec.read_text()) if spec.exists() else {}
    sums = told.get("sha256", {}) | {name: hashlib.sha256(path.read_bytes()).hexdigest()}
    spec.write_text(json.dumps(told | facts | {"sha256": sums}, indent=1) + "\n")
