"""Bytes in, a reading out: what a face, a voice, and both together express, and how sure that is.

Importing this package does not import torch; the models live in `inference.engine`, which only the pool's workers load.
"""

from inference.errors import Unreadable
from inference.fusion import FusionRules, fuse
from inference.readings import ModalityReading, Reading

__all__ = ["FusionRules", "ModalityReading", "Reading", "Unreadable", "fuse"]
