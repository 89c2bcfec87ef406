"""Choose what finds faces; each backend is a module of its own, and importing this package loads none of them."""

from typing import Literal, get_args

from inference.errors import Fault, InferenceError
from inference.face.find import FaceFinder

Detector = Literal["auto", "libfacedetection", "centerface"]
DETECTORS: tuple[Detector, ...] = get_args(Detector)


class DetectorMissing(InferenceError):
    """Report that the chosen detector cannot be had here, in one sentence that names it."""


def open_finder(detector: Detector = "auto") -> FaceFinder:
    """Load the named face finder; `auto` is libfacedetection, the faster one, if installed, else CenterFace.

    Raises DetectorMissing where libfacedetection is asked for by name and is not installed.
    """
    if detector != "centerface":
        try:
            from inference.face.finders.libfacedetection import LibFaceDetection

            return LibFaceDetection()
        except ImportError as error:
            if detector == "libfacedetection":
                raise DetectorMissing(Fault.NO_LIBFACEDETECTION) from error
    from inference.face.finders.centerface import CenterFace

    return CenterFace()
