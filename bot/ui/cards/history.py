"""The picture of somebody's last moods: one row each, and where they lie on the plane."""

from dataclasses import dataclass
from itertools import pairwise

from bot.ui.cards.canvas import INK, MARGIN, MUTED, PAPER, TOGETHER, VOICE, WIDTH, Canvas, fit
from bot.ui.cards.headline import write_headline
from bot.ui.cards.plane import Mark, Plane, Thread
from domain import EMOTIONS, Affect

MOST = 8  # moods that the picture has room for
_GAP = 28
_ROW = 64
_RADIUS = 22
_PLANE = 520  # height


@dataclass(frozen=True, slots=True)
class Moment:
    """One mood: when (in words), what (in words), where (valence and arousal, -1..1), and whether it was told."""

    when: str
    what: str
    valence: float
    arousal: float
    told: bool


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """What the picture of the last moods shows, the oldest first."""

    headline: str
    subline: str
    labels: tuple[str, ...]  # words for the emotions, in the order of EMOTIONS
    axes: tuple[str, str, str, str]  # words for the left, right, bottom and top end of the plane
    moments: tuple[Moment, ...]

    def __post_init__(self) -> None:
        """Raise ValueError unless each emotion has a label, there are 1 to MOST moods, and points are in range."""
        if len(self.labels) != len(EMOTIONS) or not 1 <= len(self.moments) <= MOST:
            raise ValueError(f"a label for each emotion and 1 to {MOST} moods are needed")
        for moment in self.moments:
            Affect(moment.valence, moment.arousal)


def draw_history(card: HistoryCard) -> bytes:
    """The picture as PNG, WIDTH pixels wide; its height follows from the number of moods."""
    canvas = Canvas()
    y = write_headline(canvas, card.headline, card.subline) + _GAP
    y = _rows(canvas, card, y)
    plane = Plane(MARGIN, y + _GAP, WIDTH - MARGIN, y + _GAP + _PLANE)
    points = [Affect(m.valence, m.arousal) for m in card.moments]
    threads = [Thread(earlier, later, MUTED) for earlier, later in pairwise(points)]
    marks = [
        Mark(point, _colour(moment), _RADIUS, str(number))
        for number, (point, moment) in enumerate(zip(points, card.moments, strict=True), 1)
    ]
    plane.draw(canvas, card.axes, card.labels, marks, threads)
    return canvas.png(plane.bottom + MARGIN)


def _rows(canvas: Canvas, card: HistoryCard, y: int) -> int:
    """Number, date and mood, a line each."""
    dates = fit([m.when for m in card.moments], 38, 260, _ROW)
    left = MARGIN + 2 * _RADIUS + _GAP
    what = left + max(date.width for date in dates) + _GAP
    moods = fit([m.what for m in card.moments], 42, WIDTH - MARGIN - what, _ROW)
    for number, moment in enumerate(card.moments, 1):
        middle = y + (number - 0.5) * _ROW
        canvas.disc(MARGIN + _RADIUS, middle, _RADIUS, _colour(moment))
        (digit,) = fit([str(number)], 28, 2 * _RADIUS, 2 * _RADIUS)
        canvas.write(digit, MARGIN + _RADIUS, middle, PAPER, align="m", weight=0.6)
        canvas.write(dates[number - 1], left, middle, MUTED)
        canvas.write(moods[number - 1], what, middle, INK)
    return y + len(card.moments) * _ROW


def _colour(moment: Moment) -> str:
    return VOICE if moment.told else TOGETHER
