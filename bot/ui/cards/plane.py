"""The plane of valence (left to right) and arousal (bottom to top) with the places of the seven emotions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from bot.ui.cards.canvas import MUTED, PAPER, Box, Canvas, Point, box_around, fit_text
from bot.ui.cards.label_placement import place_labels
from domain import EMOTIONS, Affect
from domain.affect import NORMS

# Quadrants of the plane: tense, glad, low and at ease.
QUADRANT_COLOURS = _TENSE, _GLAD, _LOW, _AT_EASE = "#F7E3DA", "#FAEFD3", "#E2E8F1", "#E3EFE2"
_LINE = "#FFFFFF"
_EMOTION_DOT = "#A39DA0"
_RADIUS = 36
_EDGE = 28  # from the edge to the middle of the words along it
_PADDING = 30  # so that a dot at the very edge stays on the plane
_AXIS_SIZE = 32
_HALO = 4  # of paper around a mark


@dataclass(frozen=True, slots=True)
class Mark:
    """Describe a dot on the plane: where, in which colour, with which radius in pixels, and a number in it."""

    affect: Affect
    colour: str
    radius: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class DottedLine:
    """Describe a dotted line between two points."""

    start: Affect
    end: Affect
    colour: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Represent the plane by where it lies on a canvas (pixels)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> Point:
        """Return the pixel of valence 0 and arousal 0."""
        return self.at(Affect(0, 0))

    def at(self, affect: Affect) -> Point:
        """Return the pixel (x, y) of a point."""
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
        lines: Sequence[DottedLine] = (),
    ) -> None:
        """Draw the plane with words for its ends (left, right, bottom, top), the emotions, lines and marks.

        Marks lie above lines, later ones above earlier ones, and no label of an emotion lies below a mark.
        """
        self._draw_background(canvas)
        around_marks = (box_around(self.at(mark.affect), mark.radius + 2 * _HALO) for mark in marks)
        self._draw_emotion_labels(canvas, labels, [*self._draw_axis_labels(canvas, axes), *around_marks])
        for line in lines:
            canvas.dotted_line(self.at(line.start), self.at(line.end), line.colour)
        for mark in marks:
            self._draw_mark(canvas, mark)

    def _draw_mark(self, canvas: Canvas, mark: Mark) -> None:
        x, y = self.at(mark.affect)
        canvas.disc(x, y, mark.radius + _HALO, PAPER)
        canvas.disc(x, y, mark.radius, mark.colour)
        if mark.number:
            (number,) = fit_text([mark.number], round(1.3 * mark.radius), 2 * mark.radius, 2 * mark.radius)
            canvas.write(number, x, y, PAPER, align="m", weight=0.6)

    def _draw_background(self, canvas: Canvas) -> None:
        width, height = self.right - self.left, self.bottom - self.top
        ground = Image.new("RGB", (width, height), _TENSE)
        ground.paste(_GLAD, (width // 2, 0, width, height // 2))
        ground.paste(_LOW, (0, height // 2, width // 2, height))
        ground.paste(_AT_EASE, (width // 2, height // 2, width, height))
        ends = 2 * _EDGE  # the cross leaves the words free
        ground.paste(_LINE, (ends, height // 2 - 1, width - ends, height // 2 + 2))
        ground.paste(_LINE, (width // 2 - 1, ends, width // 2 + 2, height - ends))
        canvas.paste_rounded(ground, self.left, self.top, _RADIUS)

    def _draw_axis_labels(self, canvas: Canvas, axes: Sequence[str]) -> Iterator[Box]:
        """Write the words for the ends of the axes along the edges, and yield their boxes."""
        x, y = self.middle
        left, right = fit_text(axes[:2], _AXIS_SIZE, self.bottom - self.top - 2 * _RADIUS, _AXIS_SIZE * 1.2)
        for block, at_x in ((left, self.left + _EDGE), (right, self.right - _EDGE)):
            canvas.write_vertically(block, at_x, y, MUTED)
            yield _centred(at_x, y, block.height, block.width)
        bottom, top = fit_text(axes[2:], _AXIS_SIZE, (self.right - self.left) / 2, _AXIS_SIZE * 1.2)
        for block, at_y in ((bottom, self.bottom - _EDGE), (top, self.top + _EDGE)):
            canvas.write(block, x, at_y, MUTED, align="m")
            yield _centred(x, at_y, block.width, block.height)

    def _draw_emotion_labels(self, canvas: Canvas, labels: Sequence[str], obstacles: Sequence[Box]) -> None:
        points = [self.at(NORMS[emotion]) for emotion in EMOTIONS]
        obstacles = [*obstacles, *(box_around(point, 7) for point in points)]
        bounds = (self.left + 12, self.top + 6, self.right - 12, self.bottom - 6)
        blocks, boxes = place_labels(labels, points, obstacles, bounds)
        for point, block, box in zip(points, blocks, boxes, strict=True):
            canvas.disc(*point, 6, _EMOTION_DOT)
            canvas.write(block, box[0], (box[1] + box[3]) / 2, MUTED)


def _centred(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
