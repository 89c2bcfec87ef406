"""The picture of a path from a mood to a goal, and of where the tracks on it are believed to lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.ui.cards.canvas import FACE, MARGIN, MUTED, TOGETHER, VOICE, WIDTH, Canvas
from bot.ui.cards.headline import write_headline
from bot.ui.cards.plane import DottedLine, Mark, Plane
from domain import EMOTIONS, Affect

_GAP = 28
_PLANE = 620  # height
_TRACK_RADIUS, _END_RADIUS = 24, 14
_START, _GOAL, _TRACK = FACE, VOICE, TOGETHER  # colours


@dataclass(frozen=True, slots=True)
class PathCard:
    """Hold what the picture of a path shows; points are (valence, arousal), -1..1."""

    headline: str
    subline: str
    labels: tuple[str, ...]  # words for the emotions, in the order of EMOTIONS
    axes: tuple[str, str, str, str]  # words for the left, right, bottom and top end of the plane
    way: tuple[tuple[float, float], ...]  # where the person is, the points on the way, the goal
    tracks: tuple[tuple[float, float] | None, ...]  # None for a track of unknown mood

    def __post_init__(self) -> None:
        """Raise ValueError unless each emotion has a label, the way leads somewhere, and points are in range."""
        if len(self.labels) != len(EMOTIONS) or len(self.way) < 2:
            raise ValueError("a label for each emotion and a way of two points or more are needed")
        for valence, arousal in (*self.way, *filter(None, self.tracks)):
            Affect(valence, arousal)


def draw_path(card: PathCard) -> bytes:
    """Draw the picture as PNG, WIDTH pixels wide."""
    canvas = Canvas()
    top = write_headline(canvas, card.headline, card.subline) + _GAP
    plane = Plane(MARGIN, top, WIDTH - MARGIN, top + _PLANE)
    way = [Affect(*point) for point in card.way]
    lines = [DottedLine(start, end, MUTED) for start, end in pairwise(way)]
    plane.draw(canvas, card.axes, card.labels, list(_marks(card, way)), lines)
    return canvas.png(plane.bottom + MARGIN)


def _marks(card: PathCard, way: list[Affect]) -> Iterator[Mark]:
    """Yield the two ends, and above them the tracks by their numbers."""
    yield Mark(way[0], _START, _END_RADIUS)
    yield Mark(way[-1], _GOAL, _END_RADIUS)
    for number, point in enumerate(card.tracks, 1):
        if point is not None:
            yield Mark(Affect(*point), _TRACK, _TRACK_RADIUS, str(number))
