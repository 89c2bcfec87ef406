"""Model folders: model.safetensors and a spec.json that says what it is, checked before it is loaded."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affect import EMOTIONS

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = Path(__file__).parent / "weights"


class BadBundle(Exception):
    """A model folder that is incomplete or is not what its spec says; the message names the folder and the fault."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked folder. `spec` is spec.json: labels, preprocessing, config, temperature, sha256, licence, metrics."""

    folder: Path
    spec: dict[str, Any]

    @property
    def temperature(self) -> float:
        """What logits are divided by so that the probabilities are calibrated."""
        return float(self.spec["temperature"])

    def tensors(self) -> "dict[str, Tensor]":
        """The weights as float32."""
        from safetensors.torch import load_file

        return {k: v.float() if v.is_floating_point() else v for k, v in load_file(self._file).items()}

    @property
    def _file(self) -> Path:
        return self.folder / "model.safetensors"


def open_bundle(folder: Path) -> Bundle:
    """Check labels and sha256; raises BadBundle. No random answers from half a model."""
    try:
        spec = json.loads((folder / "spec.json").read_text())
        digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise BadBundle(f"{folder}: {error}") from error
    if digest != spec.get("sha256"):
        raise BadBundle(f"{folder}: model.safetensors is not the file that spec.json describes")
    if spec.get("labels") != [e.value for e in EMOTIONS]:
        raise BadBundle(f"{folder}: unexpected labels {spec.get('labels')}")
    return Bundle(folder, spec)
