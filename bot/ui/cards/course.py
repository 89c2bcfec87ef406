"""How a long voice note goes on: a dot for each passage, the higher the more pleasant, and words where they change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.ui.cards.canvas import MARGIN, MUTED, PAPER, TRACK, VOICE, WIDTH, Box, Canvas, fit
from bot.ui.cards.labels import arrange
from domain import Affect

_HEIGHT = 200
_HEADING = 48
_RADIUS = 10
_END = 40  # from the ends of the band to the note's beginning and end
_PIECES = 9  # of a thread, each of which keeps words off it

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage: where in the note its middle lies (0..1), its valence (-1..1), and a word for it, if any."""

    at: float
    valence: float
    word: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError where one of them is out of range."""
        if not 0 <= self.at <= 1:
            raise ValueError(f"{self.at} is out of range 0..1")
        Affect(self.valence, 0)


def draw_course(
    canvas: Canvas, heading: str, ends: Sequence[str], stretches: Sequence[Stretch], left: float, top: int
) -> int:
    """Draw a band from `left` to the margin, the words for its `ends` (bottom, top) before it.

    Returns the height at which it ends.
    """
    (title,) = fit([heading], 36, WIDTH - 2 * MARGIN, _HEADING)
    canvas.write(title, MARGIN, top + _HEADING / 2, MUTED)
    top, right = top + _HEADING, WIDTH - MARGIN
    bottom = top + _HEIGHT
    canvas.fill((left, (top + bottom) // 2 - 1, right, (top + bottom) // 2 + 2), TRACK)
    low, high = fit(ends, 32, left - MARGIN - 16, _HEIGHT / 2)
    canvas.write(high, MARGIN, top + _HEIGHT / 4, MUTED)
    canvas.write(low, MARGIN, bottom - _HEIGHT / 4, MUTED)
    _stretches(canvas, stretches, (left, top, right, bottom))
    return bottom


def _stretches(canvas: Canvas, stretches: Sequence[Stretch], band: Box) -> None:
    points = [_at(stretch, band) for stretch in stretches]
    for start, end in pairwise(points):
        canvas.thread(start, end, VOICE)
    for x, y in points:
        canvas.disc(x, y, _RADIUS + 4, PAPER)
        canvas.disc(x, y, _RADIUS, VOICE)
    named = [(stretch.word, point) for stretch, point in zip(stretches, points, strict=True) if stretch.word]
    places = [point for _, point in named]
    types, boxes = arrange([word for word, _ in named], places, list(_taken(points)), band)
    for words, box in zip(types, boxes, strict=True):
        canvas.write(words, box[0], (box[1] + box[3]) / 2, MUTED)


def _at(stretch: Stretch, band: Box) -> Point:
    left, top, right, bottom = band
    length, half = right - left - 2 * _END, (bottom - top) / 2
    return left + _END + stretch.at * length, top + half - stretch.valence * (half - _RADIUS)


def _taken(points: Sequence[Point]) -> Iterator[Box]:
    """Where the dots are, and the threads between them, so that no word lies there."""
    for (x0, y0), (x1, y1) in pairwise([*points, points[-1]]):
        yield _around(x0, y0, 8)
        for share in np.linspace(0, 1, _PIECES)[1:-1]:
            yield _around(x0 + share * (x1 - x0), y0 + share * (y1 - y0), 3)


def _around(x: float, y: float, reach: float) -> Box:
    return x - reach, y - reach, x + reach, y + reach
