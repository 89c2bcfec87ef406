"""Read the largest face of a photo, whatever classifies it."""

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain import Posterior
from domain.readings import ModalityReading
from inference.clock import Stopwatch
from inference.errors import Code, Unreadable
from inference.face.decode import decode
from inference.face.drawn import with_drawing_hint
from inference.face.find import Box, ColourMode, FaceFinder, Picture, crop, whole_picture
from inference.face.finders import open_finder
from inference.face.pose import PoseEstimator
from inference.face.quality import grey_thumbnail, judge, measure

_CROPPED_SIDE = 64  # pixels: a picture no longer than this is a cut-out face already (FER-2013's are 48)
_FIRST_SIDE = (
    640  # pixels: as many as any finder takes, and half of what most photos have: decoded in half the time
)
_LARGE_FACE = 128  # pixels: a face that is higher at _FIRST_SIDE is read from it


class FaceClassifier(Protocol):
    """Read cut-out faces: the bundled net, or a checkpoint of somebody else's."""

    @property
    def side(self) -> int:
        """Return the height and width in pixels of the faces that it takes."""
        ...

    @property
    def colour_mode(self) -> ColourMode:
        """Tell whether it takes faces grey ("L", [n, side, side]) or in colour ("RGB", [n, side, side, 3])."""
        ...

    @property
    def calibrated(self) -> bool:
        """Tell whether its probabilities were measured to be as often right as they say."""
        ...

    def probabilities(self, faces: Picture, /) -> NDArray[np.float64]:
        """Return probabilities [n, 7] of faces, whose shape `colour_mode` tells."""
        ...


class FaceModel:
    """Find the largest face of a photo, judge it and read it; not safe to share between threads."""

    def __init__(self, classifier: FaceClassifier, finder: FaceFinder | None = None) -> None:
        """Take a classifier and a finder; without one, the first that is installed."""
        self.classifier = classifier
        self.finder = finder or open_finder()
        self.pose_estimator = PoseEstimator()

    def read(self, photo: bytes) -> ModalityReading:
        """Read the largest face of an encoded photo; raises Unreadable."""
        stopwatch, net = Stopwatch(), self.classifier
        with stopwatch.step("decode"):
            picture = decode(photo, _FIRST_SIDE)
        with stopwatch.step("find"):
            boxes = self._boxes(picture)
        if boxes[0].face_height < _LARGE_FACE:
            with stopwatch.step("decode"):
                small, picture = picture, decode(photo)
            boxes = [box.scaled(len(picture) / len(small)) for box in boxes]
        with stopwatch.step("quality"):
            face, measures = self.align(picture, boxes[0])
            quality, hints = with_drawing_hint(grey_thumbnail(face), *judge(measures, len(boxes)))
        with stopwatch.step("model"):
            posterior = Posterior.of(net.probabilities(face[None])[0])
        return ModalityReading(posterior, quality, hints, stopwatch.ms, net.calibrated)

    def align(self, picture: Picture, box: Box) -> tuple[Picture, dict[str, float]]:
        """Return the face as the classifier takes it, straightened if it leans, and its measures of quality."""
        side, colour_mode = self.classifier.side, self.classifier.colour_mode
        face = crop(picture, box, side, colour_mode)
        small = grey_thumbnail(face)
        pose = self.pose_estimator.measure(small)
        if pose.leans:
            face = crop(picture, box, side, colour_mode, pose.tilt)
            small = grey_thumbnail(face)
            pose = replace(self.pose_estimator.measure(small), tilt=pose.tilt)
        return face, measure(small, pose, box.face_height)

    def warm(self) -> None:
        """Run all nets once, so that nobody's first reading pays for them."""
        side, channels = self.classifier.side, () if self.classifier.colour_mode == "L" else (3,)
        face = np.zeros((side, side, *channels), np.uint8)
        self.pose_estimator.measure(grey_thumbnail(face))
        self.classifier.probabilities(face[None])

    def _boxes(self, picture: Picture) -> list[Box]:
        if max(picture.shape[:2]) <= _CROPPED_SIDE:
            return [whole_picture(picture)]
        if boxes := self.finder.find(picture):
            return boxes
        raise Unreadable(Code.NO_FACE)
