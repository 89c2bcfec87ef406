"""Write what music.sound.weight_files reads."""

import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from training.shipped import write_weights


def export(folder: Path, name: str, tensors: Mapping[str, Tensor], **facts: object) -> None:
    """Write NAME.safetensors (float16), and its checksum and `facts` into spec.json, which keeps all else it says."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = folder / "spec.json"
    facts_before = json.loads(spec.read_text()) if spec.exists() else {}
    sums = facts_before.get("sha256", {}) | {name: write_weights(folder / f"{name}.safetensors", tensors)}
    spec.write_text(json.dumps(facts_before | facts | {"sha256": sums}, indent=1) + "\n")
