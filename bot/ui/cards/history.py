"""The picture of somebody's last moods: one row each, and where they lie on the plane."""

from dataclasses import dataclass
from itertools import pairwise

from bot.ui.cards.canvas import INK, MARGIN, MUTED, PAPER, TOGETHER, VOICE, WIDTH, Canvas, fit_text
from bot.ui.cards.headline import write_headline
from bot.ui.cards.plane import DottedLine, Mark, Plane
from domain import EMOTIONS, Affect

MAX_MOMENTS = 8  # moods that the picture has room for
_GAP = 28
_ROW = 64
_RADIUS = 22
_PLANE = 520  # height


@dataclass(frozen=True, slots=True)
class Moment:
    """Hold one mood: when and what (in words), valence and arousal (-1..1), and whether the person told it."""

    when: str
    what: str
    valence: float
    arousal: float
    told: bool


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """Hold what the picture of the last moods shows, the oldest first."""

    headline: str
    subline: str
    labels: tuple[str, ...]  # words for the emotions, in the order of EMOTIONS
    axes: tuple[str, str, str, str]  # words for the left, right, bottom and top end of the plane
    moments: tuple[Moment, ...]

    def __post_init__(self) -> None:
        """Raise ValueError without a label for each emotion, without 1 to MAX_MOMENTS moods, or out of range."""
        if len(self.labels) != len(EMOTIONS) or not 1 <= len(self.moments) <= MAX_MOMENTS:
            raise ValueError(f"a label for each emotion and 1 to {MAX_MOMENTS} moods are needed")
        for moment in self.moments:
            Affect(moment.valence, moment.arousal)


def draw_history(card: HistoryCard) -> bytes:
    """Draw the picture as PNG, WIDTH pixels wide; its height follows from the number of moods."""
    canvas = Canvas()
    y = write_headline(canvas, card.headline, card.subline) + _GAP
    y = _draw_rows(canvas, card, y)
    plane = Plane(MARGIN, y + _GAP, WIDTH - MARGIN, y + _GAP + _PLANE)
    points = [Affect(m.valence, m.arousal) for m in card.moments]
    lines = [DottedLine(earlier, later, MUTED) for earlier, later in pairwise(points)]
    marks = [
        Mark(point, _colour(moment), _RADIUS, str(number))
        for number, (point, moment) in enumerate(zip(points, card.moments, strict=True), 1)
    ]
    plane.draw(canvas, card.axes, card.labels, marks, lines)
    return canvas.png(plane.bottom + MARGIN)


def _draw_rows(canvas: Canvas, card: HistoryCard, y: int) -> int:
    """Write a row for each mood: number, date and emotion. Return the height at which the rows end."""
    dates = fit_text([m.when for m in card.moments], 38, 260, _ROW)
    left = MARGIN + 2 * _RADIUS + _GAP
    what = left + max(date.width for date in dates) + _GAP
    moods = fit_text([m.what for m in card.moments], 42, WIDTH - MARGIN - what, _ROW)
    for number, moment in enumerate(card.moments, 1):
        middle = y + (number - 0.5) * _ROW
        canvas.disc(MARGIN + _RADIUS, middle, _RADIUS, _colour(moment))
        (digit,) = fit_text([str(number)], 28, 2 * _RADIUS, 2 * _RADIUS)
        canvas.write(digit, MARGIN + _RADIUS, middle, PAPER, align="m", weight=0.6)
        canvas.write(dates[number - 1], left, middle, MUTED)
        canvas.write(moods[number - 1], what, middle, INK)
    return y + len(card.moments) * _ROW


def _colour(moment: Moment) -> str:
    return VOICE if moment.told else TOGETHER
