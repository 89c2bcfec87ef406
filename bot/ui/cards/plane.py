"""The plane of valence (left to right) and arousal (bottom to top) with the places of the seven emotions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from bot.ui.cards.canvas import MUTED, PAPER, Box, Canvas, fit
from bot.ui.cards.labels import arrange
from domain import EMOTIONS, Affect
from domain.affect import NORMS

# Quarters of the plane: tense, glad, low and at ease.
QUARTERS = _TENSE, _GLAD, _LOW, _EASE = "#F7E3DA", "#FAEFD3", "#E2E8F1", "#E3EFE2"
_LINE = "#FFFFFF"
_PLACE = "#A39DA0"
_RADIUS = 36
_EDGE = 28  # from the edge to the middle of the words along it
_PADDING = 30  # so that a dot at the very edge stays on the plane
_AXIS_SIZE = 32
_RIM = 4  # of paper around a mark


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot on the plane: where, in which colour, with which radius in pixels, and a number in it."""

    affect: Affect
    colour: str
    radius: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A dotted line between two points."""

    start: Affect
    end: Affect
    colour: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Where on a canvas the plane lies (pixels)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[float, float]:
        """The pixel of valence 0 and arousal 0."""
        return self.at(Affect(0, 0))

    def at(self, affect: Affect) -> tuple[float, float]:
        """The pixel (x, y) of a point."""
        half_width, half_height = (self.right - self.left) / 2, (self.bottom - self.top) / 2
        return (
            self.left + half_width + affect.valence * (half_width - _PADDING),
            self.top + half_height - affect.arousal * (half_height - _PADDING),
        )

    def draw(
        self,
        canvas: Canvas,
        axes: Sequence[str],
        labels: Sequence[str],
        marks: Sequence[Mark],
        threads: Sequence[Thread] = (),
    ) -> None:
        """Draw the plane with words for its ends (left, right, bottom, top), the emotions, threads and marks."""
        self._ground(canvas)
        taken = [*self._ends(canvas, axes), *(self._around(m.affect, m.radius + 2 * _RIM) for m in marks)]
        self._places(canvas, labels, taken)
        for thread in threads:
            canvas.thread(self.at(thread.start), self.at(thread.end), thread.colour)
        for mark in marks:
            self._mark(canvas, mark)

    def _mark(self, canvas: Canvas, mark: Mark) -> None:
        x, y = self.at(mark.affect)
        canvas.disc(x, y, mark.radius + _RIM, PAPER)
        canvas.disc(x, y, mark.radius, mark.colour)
        if mark.number:
            (number,) = fit([mark.number], round(1.3 * mark.radius), 2 * mark.radius, 2 * mark.radius)
            canvas.write(number, x, y, PAPER, align="m", weight=0.6)

    def _ground(self, canvas: Canvas) -> None:
        width, height = self.right - self.left, self.bottom - self.top
        ground = Image.new("RGB", (width, height), _TENSE)
        ground.paste(_GLAD, (width // 2, 0, width, height // 2))
        ground.paste(_LOW, (0, height // 2, width // 2, height))
        ground.paste(_EASE, (width // 2, height // 2, width, height))
        ends = 2 * _EDGE  # the cross leaves the words free
        ground.paste(_LINE, (ends, height // 2 - 1, width - ends, height // 2 + 2))
        ground.paste(_LINE, (width // 2 - 1, ends, width // 2 + 2, height - ends))
        canvas.inlay(ground, self.left, self.top, _RADIUS)

    def _ends(self, canvas: Canvas, axes: Sequence[str]) -> Iterator[Box]:
        """Write the words at the ends of the axes along the edges; yield their boxes."""
        x, y = self.middle
        left, right = fit(axes[:2], _AXIS_SIZE, self.bottom - self.top - 2 * _RADIUS, _AXIS_SIZE * 1.2)
        for words, at_x in ((left, self.left + _EDGE), (right, self.right - _EDGE)):
            canvas.write_upwards(words, at_x, y, MUTED)
            yield _centred(at_x, y, words.height, words.width)
        bottom, top = fit(axes[2:], _AXIS_SIZE, (self.right - self.left) / 2, _AXIS_SIZE * 1.2)
        for words, at_y in ((bottom, self.bottom - _EDGE), (top, self.top + _EDGE)):
            canvas.write(words, x, at_y, MUTED, align="m")
            yield _centred(x, at_y, words.width, words.height)

    def _places(self, canvas: Canvas, labels: Sequence[str], taken: Sequence[Box]) -> None:
        places = [NORMS[emotion] for emotion in EMOTIONS]
        taken = [*taken, *(self._around(place, 7) for place in places)]
        inside = (self.left + 12, self.top + 6, self.right - 12, self.bottom - 6)
        types, boxes = arrange(labels, [self.at(place) for place in places], taken, inside)
        for place, words, box in zip(places, types, boxes, strict=True):
            canvas.disc(*self.at(place), 6, _PLACE)
            canvas.write(words, box[0], (box[1] + box[3]) / 2, MUTED)

    def _around(self, affect: Affect, radius: int) -> Box:
        x, y = self.at(affect)
        return x - radius, y - radius, x + radius, y + radius


def _centred(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
