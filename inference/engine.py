"""Keep the models of a process in one place, loaded once; making an Engine loads torch."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from domain.readings import MODALITIES, Modality, ModalityReading
from inference.bundles import WEIGHTS
from inference.face.finders import Detector, open_finder


class Model(Protocol):
    """Read one kind of input."""

    def read(self, data: bytes, /) -> ModalityReading:
        """Read one encoded photo or sound; raises Unreadable."""
        ...

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        ...


class Engine:
    """Read faces, voices and texts with the bundles in `weights` (a folder each), or with checkpoints."""

    def __init__(
        self,
        weights: Path = WEIGHTS,
        modalities: Collection[Modality] = MODALITIES,
        detector: Detector = "auto",
        checkpoints: Mapping[Modality, Path] = MappingProxyType({}),
        int8: bool = False,
    ) -> None:
        """Load the models of `modalities`.

        `checkpoints` are folders of other people's models, taken instead of the bundled ones, with `int8` in eight bits
        where that is faster and as good. Raises BadBundle or DetectorMissing.
        """
        self._models: dict[Modality, Model] = {}
        if "face" in modalities:
            self._models["face"] = _face(weights / "face", checkpoints.get("face"), detector, int8)
        if "voice" in modalities:
            self._models["voice"] = _voice(weights / "voice", checkpoints.get("voice"), int8)
        if "text" in modalities:
            self._models["text"] = _text(weights / "text")

    def read(self, modality: Modality, data: bytes) -> ModalityReading:
        """Read one encoded photo or sound, or text in UTF-8; raises Unreadable."""
        return self._models[modality].read(data)

    def warm(self) -> None:
        """Run every model once, so that nobody's first reading pays for it."""
        for model in self._models.values():
            model.warm()


# Each brings libraries of its own that take a second to import.


def _face(bundle: Path, checkpoint: Path | None, detector: Detector, int8: bool) -> Model:
    from inference.face.model import FaceModel

    if checkpoint:
        from inference.face.checkpoint import CheckpointClassifier

        return FaceModel(CheckpointClassifier(checkpoint, int8), open_finder(detector))
    from inference.face.bundled import BundledClassifier

    return FaceModel(BundledClassifier(bundle), open_finder(detector))


def _voice(bundle: Path, checkpoint: Path | None, int8: bool) -> Model:
    from inference.voice.model import VoiceModel

    if checkpoint:
        from inference.voice.checkpoint import CheckpointVoice

        return VoiceModel(CheckpointVoice(checkpoint, int8))
    from inference.voice.bundled import BundledVoice

    return VoiceModel(BundledVoice(bundle))


def _text(bundle: Path) -> Model:
    from inference.text.model import TextModel

    return TextModel(bundle)
