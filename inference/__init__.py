"""Read what a face, a voice, a line of text, and all together express, and how sure that is.

Importing this package does not import torch; the models live in `inference.engine`, which only the pool's workers load.
"""

from domain.readings import ModalityReading, Reading
from inference.errors import Unreadable
from inference.fusion import FusionRules, PersonalBias, fuse, learn_personal_bias

__all__ = [
    "FusionRules",
    "ModalityReading",
    "PersonalBias",
    "Reading",
    "Unreadable",
    "fuse",
    "learn_personal_bias",
]
