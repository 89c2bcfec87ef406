"""Places for labels beside their points, so that none lies on another or on anything else."""

from collections.abc import Iterable, Iterator, Sequence

from bot.ui.cards.canvas import Box, Point, TextBlock, fit_text

_LARGEST, _SMALLEST = 32, 22  # pixels per em
_LABEL_GAP = 10  # pixels between two labels on one line
_FARTHER = 20  # pixels off, where a mark lies on the point itself
_OUTSIDE_FACTOR = 100  # leaving the bounds costs so many times as much as touching something


def place_labels(
    labels: Sequence[str], points: Sequence[Point], obstacles: Sequence[Box], bounds: Box
) -> tuple[list[TextBlock], list[Box]]:
    """Find a box for each label beside its point, free of the other labels and of obstacles, within `bounds`.

    Letters shrink until all are free. Where there is no room at all, the smallest may touch others, but not leave.
    """
    for size in range(_LARGEST, _SMALLEST - 1, -2):
        blocks = fit_text(labels, size, (bounds[2] - bounds[0]) / 3, size * 1.3)
        boxes: list[Box] = []
        total = 0.0
        for block, point in zip(blocks, points, strict=True):
            placed = [
                (left - _LABEL_GAP, top, right + _LABEL_GAP, bottom) for left, top, right, bottom in boxes
            ]
            cost, box = _cheapest(_candidates(block, point, bounds), [*obstacles, *placed], bounds)
            total += cost
            boxes.append(box)
        if total < 1:
            break
    return blocks, boxes


def _cheapest(candidates: Iterable[Box], obstacles: Sequence[Box], bounds: Box) -> tuple[float, Box]:
    """Return the lowest cost and the first box that has it; behind a box that is free, none is looked at."""
    best: tuple[float, Box] | None = None
    for box in candidates:
        cost = _cost(box, obstacles, bounds)
        if best is None or cost < best[0]:
            best = cost, box
        if cost <= 0:
            break
    assert best is not None, "there are boxes around every point"
    return best


def _candidates(block: TextBlock, point: Point, bounds: Box) -> Iterator[Box]:
    """Yield where a label may stand, the preferred first: beside its point, farther off, or moved into the bounds."""
    beside = [*_beside(block, point), *_beside(block, point, _FARTHER)]
    yield from beside
    yield from (moved for box in beside if (moved := _moved_into(bounds, box)) != box)


def _beside(block: TextBlock, point: Point, farther: int = 0) -> Iterator[Box]:
    """Yield boxes of a label's size around a point, so many pixels `farther` off, the preferred first."""
    x, y = point
    width, height = block.width, block.height
    for across, down in ((1, 0), (-1, 0), (0, -1), (1, -1), (0, 1), (1, 1), (-1, -1), (-1, 1)):
        gap = (14 if down == 0 else 8) + farther
        left = x - width / 2 + across * (width / 2 + gap)
        top = y - height / 2 + down * (height / 2 + gap)
        yield left, top, left + width, top + height


def _moved_into(bounds: Box, box: Box) -> Box:
    """Move a box by as little as brings it into larger bounds."""
    x = max(bounds[0] - box[0], 0) + min(bounds[2] - box[2], 0)
    y = max(bounds[1] - box[1], 0) + min(bounds[3] - box[3], 0)
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def _cost(box: Box, obstacles: Iterable[Box], bounds: Box) -> float:
    """Count the square pixels of a box that lie on obstacles, or out of bounds, which costs more."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    outside = area - _overlap(box, bounds)
    return _OUTSIDE_FACTOR * outside + sum(_overlap(box, other) for other in obstacles)


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
