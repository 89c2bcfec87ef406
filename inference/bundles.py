"""Open model folders: model.safetensors and a spec.json that says what it is, checked before it is loaded."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain import EMOTIONS
from inference.errors import Fault, InferenceError

if TYPE_CHECKING:
    from torch import nn

WEIGHTS = Path(__file__).parent / "weights"
_WEIGHTS_FILE, _SPEC_FILE = "model.safetensors", "spec.json"


class BadBundle(InferenceError):
    """Report that something in a weights folder is missing or is not what it claims to be."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Hold a checked model folder.

    `spec` is its spec.json: labels, preprocessing, config, temperature, sha256, licence, metrics.
    """

    folder: Path
    spec: dict[str, Any]

    def number(self, name: str) -> float:
        """Return a number of the spec; raises BadBundle when it is not there."""
        try:
            return float(self.spec[name])
        except (KeyError, TypeError, ValueError) as error:
            raise BadBundle(Fault.NO_NUMBER, place=self.folder, name=name) from error

    def fill(self, net: "nn.Module") -> None:
        """Load the weights into a net, as float32; raises BadBundle unless they fit it exactly."""
        from safetensors.torch import load_file

        weights = load_file(self.folder / _WEIGHTS_FILE)
        try:
            net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in weights.items()})
        except RuntimeError as error:
            raise BadBundle(Fault.WEIGHTS_OF_ANOTHER_NET, place=self.folder) from error


def open_bundle(folder: Path) -> Bundle:
    """Open a model folder after checking its labels and its sha256, so that half a model never answers.

    Raises BadBundle.
    """
    spec = read_json(folder / _SPEC_FILE)
    try:
        digest = hashlib.sha256((folder / _WEIGHTS_FILE).read_bytes()).hexdigest()
    except OSError as error:
        raise BadBundle(Fault.BAD_FILE, place=folder, reason=str(error)) from error
    if digest != spec.get("sha256"):
        raise BadBundle(Fault.OTHER_WEIGHTS, place=folder)
    if spec.get("labels") != [e.value for e in EMOTIONS]:
        raise BadBundle(Fault.UNEXPECTED_LABELS, place=folder, labels=spec.get("labels"))
    if not isinstance(spec.get("config"), dict):
        raise BadBundle(Fault.NO_CONFIG, place=folder)
    return Bundle(folder, spec)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file of a weights folder; raises BadBundle."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadBundle(Fault.BAD_FILE, place=path, reason=str(error)) from error
    if not isinstance(values, dict):
        raise BadBundle(Fault.NOT_AN_OBJECT, place=path)
    return values
