"""The picture of a reading: what was recognised, how surely, from what, and where it lies on the plane."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.ui.cards.canvas import FACE, INK, MARGIN, MUTED, TEXT, TOGETHER, TRACK, VOICE, WIDTH, Canvas, fit
from bot.ui.cards.course import Stretch, draw_course
from bot.ui.cards.headline import write_headline
from bot.ui.cards.plane import Mark, Plane, Thread
from domain import EMOTIONS, Affect, Posterior
from domain.readings import whole_percent

_INNER = WIDTH - 2 * MARGIN
_GAP = 28
_LABELS = 300  # widest column of labels
_PERCENT = 132  # room for "100 %"
_CORNER = 6
_AIR = 4  # between two strong bars
_PLANE = 460  # height


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """What the picture of a reading shows. Words come in the person's language, numbers as they were read."""

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
    course: tuple[Stretch, ...] = ()  # how a long voice note goes on
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
    def sources(self) -> list[tuple[str, str, tuple[float, ...]]]:
        """Face, voice and words with word, colour and probabilities, as far as they were given."""
        given = zip(self.names[:3], (FACE, VOICE, TEXT), (self.face, self.voice, self.text), strict=True)
        return [(name, colour, p) for name, colour, p in given if p is not None]

    @property
    def results(self) -> list[tuple[str, tuple[float, ...]]]:
        """What is said, by colour: the result of all, or each source where they have none together."""
        if self.together:
            return [(self.accent, self.fused)]
        return [(colour, probabilities) for _, colour, probabilities in self.sources]

    @property
    def parts(self) -> list[tuple[str, str, tuple[float, ...]]]:
        """The sources that a result of several was made of."""
        return self.sources if self.together and len(self.sources) > 1 else []

    @property
    def ranked(self) -> list[int]:
        """The places of EMOTIONS, the likeliest by any of the results first."""
        return sorted(range(len(EMOTIONS)), key=lambda i: -max(p[i] for _, p in self.results))

    @property
    def accent(self) -> str:
        """The colour of the result: that of the only source where there is but one."""
        return self.sources[0][1] if len(self.sources) == 1 else TOGETHER


def draw(card: ReadingCard) -> bytes:
    """The picture as PNG, WIDTH pixels wide; its height follows from the words."""
    canvas = Canvas()
    y = write_headline(canvas, card.headline, card.subline)
    y = _legend(canvas, card, y + _GAP)
    left, y = _rows(canvas, card, y + _GAP)
    if card.course:
        y = draw_course(canvas, card.course_heading, card.axes[:2], card.course, left, y + _GAP)
    plane = Plane(MARGIN, y + _GAP, WIDTH - MARGIN, y + _GAP + _PLANE)
    marks = list(_marks(card))
    threads = [Thread(marks[0].affect, mark.affect, mark.colour) for mark in marks[1:]]
    plane.draw(canvas, card.axes, card.labels, marks, threads)
    return canvas.png(plane.bottom + MARGIN)


def _legend(canvas: Canvas, card: ReadingCard, y: int) -> int:
    """Which colour is what, in one line."""
    entries = [(name, colour) for name, colour, _ in card.sources]
    if card.parts:
        entries.insert(0, (card.names[3], TOGETHER))
    names = [name for name, _ in entries]
    (line,) = fit([" ".join(names)], 36, _INNER - 80 * len(names), 44)
    x = float(MARGIN)
    for words, (_, colour) in zip(fit(names, line.size, _INNER, line.height), entries, strict=True):
        canvas.disc(x + 11, y + 22, 11, colour)
        canvas.write(words, x + 36, y + 22, INK)
        x += 80 + words.width
    return y + 44


def _rows(canvas: Canvas, card: ReadingCard, y: int) -> tuple[float, int]:
    """One row an emotion, the likeliest first: its word, heavy where it is a result, bars, percentage.

    Returns where the bars begin and the height at which the rows end.
    """
    pitch = (58, 68, 80)[len(card.sources) - 1]
    labels = fit(card.labels, 40, _LABELS, pitch)
    left = MARGIN + max(words.width for words in labels) + _GAP
    named = {probabilities.index(max(probabilities)) for _, probabilities in card.results}
    for row, i in enumerate(card.ranked):
        middle = y + row * pitch + pitch // 2
        colour, weight = (INK, 0.6) if i in named else (MUTED, 0)
        (percent,) = fit([_percent(card.fused[i])], 40, _PERCENT, pitch)
        canvas.write(labels[i], MARGIN, middle, colour, weight=weight)
        if card.percentages:
            canvas.write(percent, WIDTH - MARGIN, middle, colour, align="r", weight=weight)
        _bars(canvas, card, i, left, middle)
    return left, y + len(EMOTIONS) * pitch


def _percent(probability: float) -> str:
    percent = whole_percent(probability)
    return "> 99 %" if percent is None else f"{percent} %"


def _bars(canvas: Canvas, card: ReadingCard, i: int, left: float, middle: float) -> None:
    """A strong bar for each result, and below it thin ones for the parts that it was made of."""
    right, count = WIDTH - MARGIN - _PERCENT, len(card.results)
    height = 24 if card.parts else 28 if count == 1 else 20
    top = middle - (25 if card.parts else (count * (height + _AIR) - _AIR) / 2)
    for n, (colour, probabilities) in enumerate(card.results):
        box = (left, top + n * (height + _AIR), right, top + n * (height + _AIR) + height)
        canvas.gauge(box, 1, TRACK, _CORNER)
        canvas.gauge(box, probabilities[i], colour, _CORNER)
    for n, (_, colour, probabilities) in enumerate(card.parts):
        top = middle + 4 + n * 13
        canvas.gauge((left, top, right, top + 8), probabilities[i], colour, _CORNER / 2)


def _marks(card: ReadingCard) -> Iterator[Mark]:
    if card.together:
        yield Mark(Affect(card.valence, card.arousal), card.accent, 22)
    if len(card.sources) > 1:
        for _, colour, probabilities in card.sources:
            yield Mark(Posterior.of(probabilities).affect, colour, 10)
