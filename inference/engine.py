"""The models in one place, loaded once per process. Whoever makes an Engine loads torch."""

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from inference.bundles import WEIGHTS
from inference.face.finders import Detector, open_finder
from inference.readings import MODALITIES, Modality, ModalityReading


class Model(Protocol):
    """Reads one kind of input."""

    def read(self, data: bytes, /) -> ModalityReading:
        """Read one encoded photo or sound; raises Unreadable."""
        ...

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        ...


class Engine:
    """Reads faces and voices with the bundles in `weights` (folders face and voice)."""

    def __init__(
        self,
        weights: Path = WEIGHTS,
        modalities: Collection[Modality] = MODALITIES,
        detector: Detector = "auto",
    ) -> None:
        """Load the models of `modalities`; raises BadBundle or DetectorMissing."""
        self._models = {modality: _load(modality, weights / modality, detector) for modality in modalities}

    def read(self, modality: Modality, data: bytes) -> ModalityReading:
        """Read one encoded photo or sound; raises Unreadable."""
        return self._models[modality].read(data)

    def warm(self) -> None:
        """Run every model once."""
        for model in self._models.values():
            model.warm()


def _load(modality: Modality, folder: Path, detector: Detector) -> Model:
    """Each brings libraries of its own that take a second to import."""
    if modality == "face":
        from inference.face.bundled import BundledClassifier
        from inference.face.model import FaceModel

        return FaceModel(BundledClassifier(folder), open_finder(detector))
    from inference.voice.model import VoiceModel

    return VoiceModel(folder)
