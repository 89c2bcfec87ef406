"""Both models in one place, loaded once per process. Importing this loads torch."""

from pathlib import Path

import numpy as np

from inference.bundles import WEIGHTS
from inference.face.model import FaceModel
from inference.readings import Modality, ModalityReading
from inference.voice.model import VoiceModel


class Engine:
    """Reads faces and voices with the bundles in `weights` (folders face and voice)."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Load both models; raises BadBundle."""
        self.face = FaceModel(weights / "face")
        self.voice = VoiceModel(weights / "voice")

    def read(self, modality: Modality, data: bytes) -> ModalityReading:
        """Read one encoded photo or sound; raises Unreadable."""
        return self.face.read(data) if modality == "face" else self.voice.read(data)

    def warm(self) -> None:
        """Run both models once, so that nobody's first reading pays for it."""
        side = self.face.net.config.image_size
        self.face.probabilities(np.zeros((1, side, side), np.uint8))
        self.voice.probabilities(np.random.default_rng(0).standard_normal(80_000).astype(np.float32))
