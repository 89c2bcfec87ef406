"""How far a face can be trusted, measured on its cut-out."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.ramp import ramp

SIDE = 96  # pixels: at which the ramps below were estimated; sharpness depends on it


def standard(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A cut-out face, grey or in colour and of any size, as `measure` takes it: grey [SIDE, SIDE]."""
    grey = Image.fromarray(face).convert("L")
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))


def measure(face: NDArray[np.uint8], pixels: float, faces: int) -> tuple[dict[str, float], tuple[str, ...]]:
    """Quality measures and hints for a grey face [side, side] that was `pixels` high in its picture.

    Brightness and contrast are shares of the grey scale; sharpness is the deviation of the Laplacian on that scale.
    The ramps are first estimates by eye on darkened, blurred and shrunken photos.
    """
    grey = face.astype(np.float32) / 255
    laplacian = grey[1:-1, 1:-1] * 4 - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    brightness, contrast, sharpness = float(grey.mean()), float(grey.std()), float(laplacian.std())
    parts = {
        "more_light": ramp(brightness, 0.08, 0.25) * ramp(contrast, 0.03, 0.1),
        "less_light": ramp(1 - brightness, 0.05, 0.2),
        "come_closer": ramp(pixels, 20, 48),
        "hold_still": ramp(sharpness, 0.005, 0.02),
    }
    quality = {
        "faces": float(faces),
        "pixels": round(pixels, 1),
        "brightness": brightness,
        "contrast": contrast,
        "sharpness": sharpness,
        "weight": float(np.prod(list(parts.values()))),
    }
    hints = tuple(name for name, value in parts.items() if value < 0.5) + (
        ("several_faces",) if faces > 1 else ()
    )
    return quality, hints
