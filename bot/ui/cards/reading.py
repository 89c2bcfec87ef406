"""The picture of a reading: what was recognised, how surely, from what, and where it lies on the plane."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.ui.cards.canvas import (
    FACE,
    INK,
    MARGIN,
    MUTED,
    TEXT,
    TOGETHER,
    TRACK,
    VOICE,
    WIDTH,
    Canvas,
    fit_text,
)
from bot.ui.cards.headline import write_headline
from bot.ui.cards.plane import DottedLine, Mark, Plane
from bot.ui.cards.voice_course import VoiceSegment, draw_course
from domain import EMOTIONS, Affect, Posterior
from domain.readings import whole_percent

_INNER = WIDTH - 2 * MARGIN
_GAP = 28
_LABEL_WIDTH = 300  # widest column of labels
_PERCENT_WIDTH = 132  # room for "100 %"
_CORNER = 6
_BAR_GAP = 4  # between two strong bars
_PLANE = 460  # height


class Source(NamedTuple):
    """Hold what one selfie, voice note or text says: its name, its colour, a probability for each of EMOTIONS."""

    name: str
    colour: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """Hold what the picture of a reading shows: words in the person's language, numbers as they were read."""

    headline: str  # "Mostly happy"
    subline: str  # "fairly sure, 71 %"
    labels: tuple[str, ...]  # words for the emotions, in the order of EMOTIONS
    axes: tuple[str, str, str, str]  # words for the left, right, bottom and top end of the plane
    names: tuple[str, str, str, str]  # words for "face", "voice", "words", "together"
    face: tuple[float, ...] | None  # probabilities in the order of EMOTIONS; None where there was no selfie
    voice: tuple[float, ...] | None
    fused: tuple[float, ...]
    valence: float  # -1..1, of the fused reading
    arousal: float
    text: tuple[float, ...] | None = None
    percentages: bool = True  # whether the bars have numbers
    together: bool = True  # whether there is a result of all: there is none of what contradicts itself
    course: tuple[VoiceSegment, ...] = ()  # how a long voice note goes on
    course_heading: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless each emotion has a label and probabilities, and affect is in range."""
        for probabilities in (self.face, self.voice, self.text, self.fused):
            if probabilities is not None:
                Posterior.of(probabilities)
        if len(self.labels) != len(EMOTIONS):
            raise ValueError(f"not a label for each of {len(EMOTIONS)} emotions: {self.labels}")
        Affect(self.valence, self.arousal)

    @property
    def sources(self) -> list[Source]:
        """Return face, voice and words, as far as they were given."""
        given = zip(self.names[:3], (FACE, VOICE, TEXT), (self.face, self.voice, self.text), strict=True)
        return [Source(name, colour, p) for name, colour, p in given if p is not None]

    @property
    def results(self) -> list[tuple[str, tuple[float, ...]]]:
        """Return colour and probabilities of what is said: one result of all, or each source where there is none."""
        if self.together:
            return [(self.accent, self.fused)]
        return [(source.colour, source.probabilities) for source in self.sources]

    @property
    def parts(self) -> list[Source]:
        """Return the sources that a result of several was made of; nothing where there is one source or no result."""
        return self.sources if self.together and len(self.sources) > 1 else []

    @property
    def ranked(self) -> list[int]:
        """Return the indices of EMOTIONS, the likeliest by any of the results first."""
        return sorted(range(len(EMOTIONS)), key=lambda i: -max(p[i] for _, p in self.results))

    @property
    def accent(self) -> str:
        """Return the colour of the result: that of the only source where there is but one."""
        return self.sources[0].colour if len(self.sources) == 1 else TOGETHER


def draw_reading(card: ReadingCard) -> bytes:
    """Draw the picture as PNG, WIDTH pixels wide; its height follows from the words."""
    canvas = Canvas()
    y = write_headline(canvas, card.headline, card.subline)
    y = _draw_legend(canvas, card, y + _GAP)
    left, y = _draw_rows(canvas, card, y + _GAP)
    if card.course:
        y = draw_course(canvas, card.course_heading, card.axes[:2], card.course, left, y + _GAP)
    plane = Plane(MARGIN, y + _GAP, WIDTH - MARGIN, y + _GAP + _PLANE)
    marks = list(_marks(card))
    lines = [DottedLine(marks[0].affect, mark.affect, mark.colour) for mark in marks[1:]]
    plane.draw(canvas, card.axes, card.labels, marks, lines)
    return canvas.png(plane.bottom + MARGIN)


def _draw_legend(canvas: Canvas, card: ReadingCard, y: int) -> int:
    """Write in one line which colour is what; return the height at which it ends."""
    entries = [(source.name, source.colour) for source in card.sources]
    if card.parts:
        entries.insert(0, (card.names[3], TOGETHER))
    names = [name for name, _ in entries]
    (line,) = fit_text([" ".join(names)], 36, _INNER - 80 * len(names), 44)
    x = float(MARGIN)
    for block, (_, colour) in zip(fit_text(names, line.size, _INNER, line.height), entries, strict=True):
        canvas.disc(x + 11, y + 22, 11, colour)
        canvas.write(block, x + 36, y + 22, INK)
        x += 80 + block.width
    return y + 44


def _draw_rows(canvas: Canvas, card: ReadingCard, y: int) -> tuple[float, int]:
    """Draw a row for each emotion, the likeliest first: its word, heavy where it is a result, bars, percentage.

    Return where the bars begin and the height at which the rows end.
    """
    row_height = (58, 68, 80)[len(card.sources) - 1]
    labels = fit_text(card.labels, 40, _LABEL_WIDTH, row_height)
    left = MARGIN + max(label.width for label in labels) + _GAP
    named = {probabilities.index(max(probabilities)) for _, probabilities in card.results}
    for row, i in enumerate(card.ranked):
        middle = y + row * row_height + row_height // 2
        colour, weight = (INK, 0.6) if i in named else (MUTED, 0)
        (percent,) = fit_text([_percent(card.fused[i])], 40, _PERCENT_WIDTH, row_height)
        canvas.write(labels[i], MARGIN, middle, colour, weight=weight)
        if card.percentages:
            canvas.write(percent, WIDTH - MARGIN, middle, colour, align="r", weight=weight)
        _draw_bars(canvas, card, i, left, middle)
    return left, y + len(EMOTIONS) * row_height


def _percent(probability: float) -> str:
    percent = whole_percent(probability)
    return "> 99 %" if percent is None else f"{percent} %"


def _draw_bars(canvas: Canvas, card: ReadingCard, i: int, left: float, middle: float) -> None:
    """Draw a strong bar for each result, and below it thin ones for the parts that it was made of."""
    right, count = WIDTH - MARGIN - _PERCENT_WIDTH, len(card.results)
    height = 24 if card.parts else 28 if count == 1 else 20
    top = middle - (25 if card.parts else (count * (height + _BAR_GAP) - _BAR_GAP) / 2)
    for n, (colour, probabilities) in enumerate(card.results):
        box = (left, top + n * (height + _BAR_GAP), right, top + n * (height + _BAR_GAP) + height)
        canvas.gauge(box, 1, TRACK, _CORNER)
        canvas.gauge(box, probabilities[i], colour, _CORNER)
    for n, part in enumerate(card.parts):
        top = middle + 4 + n * 13
        canvas.gauge((left, top, right, top + 8), part.probabilities[i], part.colour, _CORNER / 2)


def _marks(card: ReadingCard) -> Iterator[Mark]:
    if card.together:
        yield Mark(Affect(card.valence, card.arousal), card.accent, 22)
    if len(card.sources) > 1:
        for source in card.sources:
            yield Mark(Posterior.of(source.probabilities).affect, source.colour, 10)
