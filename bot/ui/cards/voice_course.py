"""The valence of a long voice note over time: a dot for each passage, and a word where the emotion changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.ui.cards.canvas import (
    MARGIN,
    MUTED,
    PAPER,
    TRACK,
    VOICE,
    WIDTH,
    Box,
    Canvas,
    Point,
    box_around,
    fit_text,
)
from bot.ui.cards.label_placement import place_labels
from domain import Affect

_HEIGHT = 200
_HEADING = 48  # height
_RADIUS = 10
_INSET = 40  # from the ends of the band to the note's beginning and end
_PIECES = 9  # of a line, each of which keeps words off it


@dataclass(frozen=True, slots=True)
class VoiceSegment:
    """Hold of a passage where in the note its middle lies (0..1), its valence (-1..1), and a word for it, if any."""

    at: float
    valence: float
    word: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError where place or valence is out of range."""
        if not 0 <= self.at <= 1:
            raise ValueError(f"{self.at} is out of range 0..1")
        Affect(self.valence, 0)


def draw_course(
    canvas: Canvas,
    heading: str,
    ends: Sequence[str],
    segments: Sequence[VoiceSegment],
    left: float,
    top: int,
) -> int:
    """Draw a band from `left` to the right margin, with the words for its `ends` (bottom, top) before it.

    Returns the height at which the band ends, in pixels from the top of the card.
    """
    (title,) = fit_text([heading], 36, WIDTH - 2 * MARGIN, _HEADING)
    canvas.write(title, MARGIN, top + _HEADING / 2, MUTED)
    top, right = top + _HEADING, WIDTH - MARGIN
    bottom = top + _HEIGHT
    canvas.fill((left, (top + bottom) // 2 - 1, right, (top + bottom) // 2 + 2), TRACK)
    low, high = fit_text(ends, 32, left - MARGIN - 16, _HEIGHT / 2)
    canvas.write(high, MARGIN, top + _HEIGHT / 4, MUTED)
    canvas.write(low, MARGIN, bottom - _HEIGHT / 4, MUTED)
    _draw_segments(canvas, segments, (left, top, right, bottom))
    return bottom


def _draw_segments(canvas: Canvas, segments: Sequence[VoiceSegment], band: Box) -> None:
    points = [_pixel(segment, band) for segment in segments]
    for start, end in pairwise(points):
        canvas.dotted_line(start, end, VOICE)
    for x, y in points:
        canvas.disc(x, y, _RADIUS + 4, PAPER)
        canvas.disc(x, y, _RADIUS, VOICE)
    named = [(segment.word, point) for segment, point in zip(segments, points, strict=True) if segment.word]
    labels, places = [word for word, _ in named], [point for _, point in named]
    blocks, boxes = place_labels(labels, places, list(_obstacles(points)), band)
    for block, box in zip(blocks, boxes, strict=True):
        canvas.write(block, box[0], (box[1] + box[3]) / 2, MUTED)


def _pixel(segment: VoiceSegment, band: Box) -> Point:
    """Return where a segment's dot lies: from left to right by time, the higher the more pleasant."""
    left, top, right, bottom = band
    length, half = right - left - 2 * _INSET, (bottom - top) / 2
    return left + _INSET + segment.at * length, top + half - segment.valence * (half - _RADIUS)


def _obstacles(points: Sequence[Point]) -> Iterator[Box]:
    """Yield boxes around the dots and along the lines between them, so that no word lies there."""
    for start, end in pairwise([*points, points[-1]]):
        yield box_around(start, 8)
        for share in np.linspace(0, 1, _PIECES)[1:-1]:
            yield box_around(
                (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])), 3
            )
