"""Read a video as several pictures of a face, and a voice.

The frames are spread over its length, each read as a photo is; they are pooled by their quality, so that the moment in
which somebody looked away counts less than the one in which they looked up. A live photo is such a video with one
picture more, its photo.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from domain import Posterior
from domain.readings import Modality, ModalityReading
from inference.errors import Code, Unreadable
from transcode import ffmpeg

MAX_FRAMES = 6
MAX_SECONDS = 60  # more tells little about a mood, and its frames would lie far apart
_SIDE = 640  # pixels: the largest that a video note has


class Reader(Protocol):
    """Read one photo or sound; raises Unreadable."""

    def read(self, modality: Modality, data: bytes, /) -> ModalityReading:
        """Read one encoded photo ("face") or sound ("voice"); raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True)
class VideoReading:
    """Hold what was read in a video; `missing` says why a modality was not."""

    parts: Mapping[Modality, ModalityReading]
    missing: Mapping[Modality, Code] = field(default_factory=dict)


def read_video(reader: Reader, data: bytes, seconds: float, still: bytes = b"") -> VideoReading:
    """Read the face and the voice of an encoded video.

    `seconds` is its length, 0 where nobody knows; `still` is the photo of a live photo. Raises Unreadable when there is
    neither a face nor a voice.
    """
    parts: dict[Modality, ModalityReading] = {}
    missing: dict[Modality, Code] = {}
    try:
        readings = (_read_frame(reader, picture) for picture in _stills(data, seconds, still))
        parts["face"] = pool_frames([reading for reading in readings if reading])
    except Unreadable as problem:
        missing["face"] = problem.code
    try:
        parts["voice"] = reader.read("voice", data)
    except Unreadable as problem:
        missing["voice"] = problem.code
    if not parts:
        raise Unreadable(missing["face"])
    return VideoReading(parts, missing)


def _stills(data: bytes, seconds: float, still: bytes) -> Iterator[bytes]:
    """Yield the pictures to read; a photo is enough where its video cannot be opened."""
    if still:
        yield still
    try:
        yield from frames(data, seconds)
    except Unreadable:
        if not still:
            raise


def frames(data: bytes, seconds: float, limits: ffmpeg.Limits = ffmpeg.LIMITS) -> list[bytes]:
    """Return at most MAX_FRAMES pictures (JPEG) spread over a video so many seconds long; raises Unreadable."""
    demuxer = ffmpeg.demuxer_of(data)
    if demuxer not in ffmpeg.VIDEO_DEMUXERS:
        raise Unreadable(Code.NOT_A_VIDEO)
    rate = MAX_FRAMES / max(min(seconds, MAX_SECONDS), MAX_FRAMES / 2)
    shrink = f"scale=w='min({_SIDE},iw)':h=-2"
    target = (
        f"-an -vf fps={rate:.3f}:round=up,{shrink} -frames:v {MAX_FRAMES} -f image2pipe -c:v mjpeg -q:v 3"
    )
    try:
        film = ffmpeg.convert(data, demuxer, MAX_SECONDS, target, limits)
    except ffmpeg.PicturesTooLarge as error:
        raise Unreadable(Code.VIDEO_TOO_LARGE) from error
    except ffmpeg.ConversionFailed as error:
        raise Unreadable(Code.NOT_A_VIDEO) from error
    return _split_jpegs(film)


def pool_frames(readings: Sequence[ModalityReading]) -> ModalityReading:
    """Pool readings of one face: posteriors averaged by quality, weights averaged, all else from the best one.

    Each counts as many times as it is pooled itself (the measure `looks`), so that they may come one by one. Raises
    Unreadable where there is none.
    """
    if not readings:
        raise Unreadable(Code.NO_FACE)
    counts = np.array([reading.quality.get("looks", 1.0) for reading in readings])
    weights = np.array([reading.weight for reading in readings])
    posteriors = np.array([reading.posterior.probabilities for reading in readings])
    best = readings[int(weights.argmax())]
    quality = {**best.quality, "weight": float(counts @ weights / counts.sum()), "looks": float(counts.sum())}
    return ModalityReading(
        Posterior.of((counts * weights) @ posteriors),
        quality,
        best.hints,
        {step: sum(reading.ms.get(step, 0.0) for reading in readings) for step in best.ms},
        all(reading.calibrated for reading in readings),
    )


def _read_frame(reader: Reader, picture: bytes) -> ModalityReading | None:
    try:
        return reader.read("face", picture)
    except Unreadable:  # a blink of the camera; the other frames are there
        return None


def _split_jpegs(film: bytes) -> list[bytes]:
    """Split JPEGs that follow each other; the mark with which each begins stands nowhere else in them."""
    start = b"\xff\xd8\xff"
    return [start + rest for rest in film.split(start)[1:]]
