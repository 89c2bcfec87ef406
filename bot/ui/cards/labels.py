"""Places for labels beside their points, so that none lies on another or on anything else."""

from collections.abc import Iterable, Iterator, Sequence

from bot.ui.cards.canvas import Box, Type, fit

_LARGEST, _SMALLEST = 32, 22
_AIR = 10  # between two labels on one line
_FARTHER = 20  # pixels off, where a mark lies on the point itself
_OUTSIDE = 100  # times as bad as to touch something is to leave the box


def arrange(
    labels: Sequence[str], points: Sequence[tuple[float, float]], taken: Sequence[Box], inside: Box
) -> tuple[list[Type], list[Box]]:
    """Find a box for each label beside its point, free of the other labels and of `taken`, within `inside`.

    Type shrinks until all are free; where there is no room at all, the smallest may touch others, but not leave.
    """
    for size in range(_LARGEST, _SMALLEST - 1, -2):
        types = fit(labels, size, (inside[2] - inside[0]) / 3, size * 1.3)
        boxes: list[Box] = []
        crowding = 0.0
        for words, point in zip(types, points, strict=True):
            others = [(left - _AIR, top, right + _AIR, bottom) for left, top, right, bottom in boxes]
            price, box = _freest(_near(words, point, inside), [*taken, *others], inside)
            crowding += price
            boxes.append(box)
        if crowding < 1:
            break
    return types, boxes


def _freest(boxes: Iterable[Box], obstacles: Sequence[Box], inside: Box) -> tuple[float, Box]:
    """The first of the least crowded boxes, and its crowding; none is looked at behind one that is free."""
    best: tuple[float, Box] | None = None
    for box in boxes:
        price = _crowding(box, obstacles, inside)
        if best is None or price < best[0]:
            best = price, box
        if price <= 0:
            break
    assert best is not None, "there are boxes around every point"
    return best


def _near(words: Type, point: tuple[float, float], inside: Box) -> Iterator[Box]:
    """Where a label may stand: beside its point, farther off, or moved inside from there; the preferred first."""
    beside = [*_beside(words, point), *_beside(words, point, _FARTHER)]
    yield from beside
    yield from (moved for box in beside if (moved := _moved(box, inside)) != box)


def _beside(words: Type, point: tuple[float, float], farther: int = 0) -> Iterator[Box]:
    """Boxes of the size of `words` around a point, so many pixels `farther` off: the preferred first."""
    x, y = point
    width, height = words.width, words.height
    for across, down in ((1, 0), (-1, 0), (0, -1), (1, -1), (0, 1), (1, 1), (-1, -1), (-1, 1)):
        gap = (14 if down == 0 else 8) + farther
        left = x - width / 2 + across * (width / 2 + gap)
        top = y - height / 2 + down * (height / 2 + gap)
        yield left, top, left + width, top + height


def _moved(box: Box, inside: Box) -> Box:
    """The box where it lies `inside`, which is wider and higher, as near as can be."""
    x = max(inside[0] - box[0], 0) + min(inside[2] - box[2], 0)
    y = max(inside[1] - box[1], 0) + min(inside[3] - box[3], 0)
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def _crowding(box: Box, obstacles: Iterable[Box], inside: Box) -> float:
    """Square pixels of `box` that lie on obstacles, or outside of `inside`, which count more."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    return _OUTSIDE * (area - _shared(box, inside)) + sum(_shared(box, other) for other in obstacles)


def _shared(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
