"""Measure on its cut-out how far a face can be trusted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.curve import Curve
from inference.face.pose import SIDE, Pose

Grey = NDArray[np.floating[Any]]


# Fitted by `python -m training.face fit-quality --faces 400` on spoilt faces of FER-2013's PublicTest, rounded. The net
# loses confidence by itself as faces get worse, so little weight has to be taken away. Faces are read well at a
# twentieth of the light, and leaning as far as they are straightened (60 degrees), so those limits are estimates; so is
# the curve of `turn`, since few faces there are turned aside.
CURVES = (
    Curve("brightness", "more_light", worst=0.009, good=0.28, floor=0.85, hint_from=0.02),
    Curve("brightness", "less_light", worst=1.0, good=0.75, floor=0.85, hint_from=0.86),
    Curve("contrast", "more_light", worst=0.002, good=0.11, floor=0.85, hint_from=0.011),
    Curve("grain", "more_light", worst=0.29, good=0.041, floor=0.85, hint_from=0.14),
    Curve("sharpness", "hold_still", worst=0.056, good=0.29, floor=0.85, hint_from=0.106),
    Curve("pixels", "come_closer", worst=10, good=48, floor=0.85, hint_from=18),
    Curve("plain", "whole_face", worst=0.009, good=0.094, floor=0.85, hint_from=0.028),
    Curve("tilt", "upright", worst=177, good=21, floor=0.85, hint_from=60),
    Curve("turn", "look_here", worst=0.5, good=0.28, floor=0.85, hint_from=0.5),
)


def grey_thumbnail(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a cut-out face, grey or in colour and of any size, what `measure` takes: grey [SIDE, SIDE]."""
    grey = Image.fromarray(face).convert("L")
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))


def measure(face: NDArray[np.uint8], pose: Pose, pixels: float) -> dict[str, float]:
    """Measure the quality of a grey face [SIDE, SIDE] that was `pixels` high in its picture.

    Brightness and contrast are shares of the grey scale. Sharpness is the deviation of the Laplacian, grain the noise
    that Immerkaer's (1996) mask leaves, both as shares of the contrast, so that light does not change them. Tilt and
    turn have no sign here.
    """
    grey = face.astype(np.float32) / 255
    contrast = float(grey.std())
    scale = max(contrast, 1 / 255)
    return {
        "pixels": round(pixels, 1),
        "brightness": float(grey.mean()),
        "contrast": contrast,
        "sharpness": float(_laplacian(grey).std()) / scale,
        "grain": float(np.abs(_second_differences(grey)).mean() * np.sqrt(np.pi / 2) / 6) / scale,
        "plain": pose.plain,
        "tilt": abs(pose.tilt),
        "turn": abs(pose.turn),
    }


def judge(measures: Mapping[str, float], faces: int) -> tuple[dict[str, float], tuple[str, ...]]:
    """Add the number of faces and the weight to the measures, and name hints what to do better.

    The weight, 0..1, is the worst measure's.
    """
    weight = min(curve.weight(measures[curve.measure]) for curve in CURVES)
    hints = dict.fromkeys(curve.hint for curve in CURVES if curve.needs_hint(measures[curve.measure]))
    alone = () if faces <= 1 else ("several_faces",)
    return {"faces": float(faces), **measures, "weight": weight}, (*hints, *alone)


def _laplacian(grey: Grey) -> Grey:
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    out: Grey = 4 * grey[1:-1, 1:-1] - around
    return out


def _second_differences(grey: Grey) -> Grey:
    """Difference twice along both sides: edges and slopes leave little, noise much."""
    down = grey[:-2] - 2 * grey[1:-1] + grey[2:]
    out: Grey = down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]
    return out
