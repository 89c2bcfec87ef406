"""The picture of a reading, judged by its pixels."""

import io
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageColor

from bot.ui import pictures
from bot.ui.cards import ReadingCard, VoiceSegment, as_dict, draw_reading, from_dict
from bot.ui.cards.canvas import FACE, MARGIN, PAPER, TOGETHER, TRACK, VOICE, WIDTH, fit_text, transliterate
from bot.ui.cards.label_placement import place_labels
from bot.ui.cards.plane import Plane
from bot.ui.words import words_for
from domain import EMOTIONS, Affect, Posterior
from domain.affect import NORMS
from domain.readings import Passage
from inference import FusionRules, ModalityReading, fuse
from tests.examples import times

EXAMPLES = Path(__file__).parent / "examples"
HAPPY = (2.0, 0.5, 1.5, 71.0, 16.0, 3.0, 6.0)
SAD = (5.0, 3.0, 8.0, 2.0, 12.0, 68.0, 2.0)
GERMAN = (
    "verärgert",
    "angewidert",
    "verängstigt",
    "überglücklich",
    "ausgeglichen",
    "niedergeschlagen",
    "überrascht",
)
ENGLISH = ("angry", "disgusted", "afraid", "happy", "neutral", "sad", "surprised")

weights = st.lists(st.floats(0, 1), min_size=7, max_size=7).filter(lambda w: sum(w) > 0.01).map(tuple)
words = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "M"]), max_size=60)
affects = st.builds(Affect, st.floats(-1, 1), st.floats(-1, 1))
few = settings(max_examples=times(0.2), deadline=None)

Pixels = NDArray[np.uint8]


def card(
    face: tuple[float, ...] | None = HAPPY,
    voice: tuple[float, ...] | None = HAPPY,
    headline: str = "Mostly happy",
    labels: tuple[str, ...] = ENGLISH,
) -> ReadingCard:
    given_weights = [w for w in (face, voice) if w is not None]
    posteriors = [Posterior.of(w) for w in given_weights]
    fused = Posterior.of(sum(column) for column in zip(*(p.probabilities for p in posteriors), strict=True))
    return ReadingCard(
        headline=headline,
        subline="fairly sure, 71 %",
        labels=labels,
        axes=("unpleasant", "pleasant", "calm", "stirred"),
        names=("face", "voice", "words", "together"),
        face=face and Posterior.of(face).probabilities,
        voice=voice and Posterior.of(voice).probabilities,
        fused=fused.probabilities,
        valence=fused.affect.valence,
        arousal=fused.affect.arousal,
    )


def pixels(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def where(picture: Pixels, colour: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (picture == ImageColor.getrgb(colour)).all(axis=2)
    return found


def strong_bars(picture: Pixels, accent: str) -> list[float]:
    """Lengths of the strong bars from top to bottom, as shares of their tracks."""
    bar = where(picture, accent)
    full = bar | where(picture, TRACK)
    lines = np.flatnonzero(full.sum(axis=1) > 400)  # nothing else of these colours is so wide
    bars = np.split(lines, np.flatnonzero(np.diff(lines) > 1) + 1)
    return [bar[y].sum() / full[y].sum() for y in (group[len(group) // 2] for group in bars)]


def centre(picture: Pixels, colour: str) -> float:
    """Mean column of the pixels of a colour on the plane, which is the lower third of the picture."""
    columns = np.flatnonzero(where(picture[-500:], colour).any(axis=0))
    return float(columns.mean())


LONG = replace(
    card(None, SAD, headline="Mostly sad"),
    course=(
        VoiceSegment(0.1, -0.6, "sad"),
        VoiceSegment(0.3, -0.5),
        VoiceSegment(0.5, -0.1, "neutral"),
        VoiceSegment(0.9, 0.5, "happy"),
    ),
    course_heading="Your voice from beginning to end",
)
THREE = replace(card(HAPPY, SAD), text=Posterior.of(HAPPY).probabilities)
APART = replace(
    card(HAPPY, SAD, headline="Perhaps happy, perhaps sad"),
    subline="your face and your voice say different things",
    percentages=False,
    together=False,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("both", card(HAPPY, SAD)),
        ("voice", card(None, SAD, headline="Mostly sad")),
        ("three", THREE),
        ("long", LONG),
        ("apart", APART),
    ],
)
def test_looks_like_the_stored_example(name: str, shown: ReadingCard, tmp_path: Path) -> None:
    assert_looks_like(name, draw_reading(shown), tmp_path)


def assert_looks_like(name: str, png: bytes, tmp_path: Path) -> None:
    """Compared at a third of the size, as phones show it: FreeType versions smooth letters differently.

    Of 256 levels a pixel may differ by 1 on average, and 0.5 % of the pixels by more than 64.
    """
    drawn = Image.open(io.BytesIO(png)).convert("RGB").reduce(3)
    drawn.save(tmp_path / f"{name}.png", optimize=True)
    with Image.open(EXAMPLES / f"{name}.png") as stored:
        assert drawn.size == stored.size
        difference = np.abs(np.asarray(drawn, int) - np.asarray(stored.convert("RGB"), int)).max(axis=2)
    hint = f"if the change is meant, {tmp_path / name}.png is the new example"
    assert difference.mean() < 1, hint
    assert (difference > 64).mean() < 0.005, hint


@few
@given(face=weights | st.none(), voice=weights)
def test_a_larger_probability_has_a_longer_bar(
    face: tuple[float, ...] | None, voice: tuple[float, ...]
) -> None:
    shown = card(face, voice)
    lengths = strong_bars(pixels(draw_reading(shown)), VOICE if face is None else TOGETHER)
    assert lengths == pytest.approx(sorted(shown.fused, reverse=True), abs=0.003)


@few
@given(headline=words, label=words)
def test_words_of_any_length_stay_within_the_margins(headline: str, label: str) -> None:
    picture = pixels(draw_reading(card(headline=headline, labels=(label, *ENGLISH[1:]))))
    edges = np.concatenate([picture[:, : MARGIN - 8], picture[:, WIDTH - MARGIN + 8 :]], axis=1)
    assert picture.shape[1] == WIDTH
    assert (edges == ImageColor.getrgb(PAPER)).all()


@given(text=words, width=st.integers(80, 900), height=st.integers(30, 200))
@example(text="one unbreakablylongword", width=80, height=200)
@settings(deadline=None)
def test_fit_keeps_every_letter_and_the_box(text: str, width: int, height: int) -> None:
    (fitted,) = fit_text([text], 60, width, height)
    assert " ".join(fitted.lines).split() == transliterate(text).split()
    if fitted.size > 8:
        assert fitted.width <= width
        assert fitted.height <= height


def test_lines_are_balanced() -> None:
    (fitted,) = fit_text(["many feelings are possible, sad is the likeliest, 19 %"], 44, 900, 110)
    first, second = fitted.lines
    assert len(second) > len(first) / 2


def test_letters_outside_of_the_typeface_become_their_nearest() -> None:
    assert transliterate("Überraschung – weiß, „łódź“") == "Uberraschung - weiss, “lodz“"


@pytest.mark.parametrize(("only", "absent"), [("face", VOICE), ("voice", FACE)])
def test_one_source_alone_shows_no_trace_of_the_other(only: str, absent: str) -> None:
    shown = card(HAPPY, None) if only == "face" else card(None, HAPPY)
    picture = pixels(draw_reading(shown))
    assert not where(picture, absent).any()
    assert not where(picture, TOGETHER).any()


def test_what_nobody_calibrated_is_shown_without_numbers() -> None:
    measured = ModalityReading(Posterior.of(HAPPY), {})
    guessed = replace(measured, calibrated=False)
    for part in (measured, guessed):
        reading = fuse(part, measured, FusionRules())
        numbers = pictures.reading_card(reading, words_for("en"))
        assert numbers.percentages == part.calibrated
        assert ("%" in numbers.subline) == part.calibrated
        assert ("%" in pictures.reading_caption(reading, words_for("en"))) == part.calibrated
    with_numbers, without = (
        pixels(draw_reading(replace(card(), percentages=shown))) for shown in (True, False)
    )
    right, bars = np.s_[200:700, WIDTH - MARGIN - 130 :], np.s_[200:, : WIDTH - MARGIN - 140]
    assert (without[right] == ImageColor.getrgb(PAPER)).all()
    assert not (with_numbers[right] == ImageColor.getrgb(PAPER)).all()
    assert (with_numbers[bars] == without[bars]).all()


def test_of_a_contradiction_each_side_is_shown_and_no_result() -> None:
    happy, sad = ModalityReading(Posterior.of(HAPPY), {}), ModalityReading(Posterior.of(SAD), {})
    rules = FusionRules(contradiction=0.99)
    shown = pictures.reading_card(fuse(happy, sad, rules), words_for("en"))
    assert (shown.together, shown.percentages) == (False, False)
    assert shown.headline == "Perhaps happy, perhaps sad"
    assert "%" not in shown.subline
    assert pictures.reading_card(fuse(happy, happy, rules), words_for("en")).together
    picture = pixels(draw_reading(shown))
    assert not where(picture, TOGETHER).any()
    longest = {colour: where(picture[:700], colour).sum(axis=1).max() for colour in (FACE, VOICE)}
    assert longest[VOICE] / longest[FACE] == pytest.approx(
        sad.posterior.confidence / happy.posterior.confidence, abs=0.01
    )
    assert centre(picture, VOICE) < centre(picture, FACE)


@few
@given(face=weights, voice=weights, text=weights | st.none())
def test_what_any_side_shows_most_stands_at_the_top_of_a_contradiction(
    face: tuple[float, ...], voice: tuple[float, ...], text: tuple[float, ...] | None
) -> None:
    shown = replace(card(face, voice), text=text and Posterior.of(text).probabilities, together=False)
    best = [max(p[i] for _, p in shown.results) for i in shown.ranked]
    assert best == sorted(best, reverse=True)
    assert sorted(shown.ranked) == list(range(len(EMOTIONS)))


def test_a_card_from_before_there_were_contradictions_has_a_result() -> None:
    stored = as_dict(card())
    del stored["together"]
    assert from_dict(stored) == card()


def test_sources_that_differ_lie_apart_with_the_result_between() -> None:
    picture = pixels(draw_reading(card(face=HAPPY, voice=SAD)))
    voice, together, face = (centre(picture, colour) for colour in (VOICE, TOGETHER, FACE))
    assert voice < together < face


def test_the_course_of_a_long_note_names_what_changes() -> None:
    happy, sad = Posterior.of(HAPPY), Posterior.of(SAD)
    heard = [sad, sad, happy]
    course = tuple(Passage(8.0 * i, 8.0 * (i + 1), p) for i, p in enumerate(heard))
    voice = ModalityReading(happy, {"seconds": 24.0}, course=course)
    shown = pictures.reading_card(fuse(None, voice, FusionRules()), words_for("en"))
    assert [(s.at, s.word) for s in shown.course] == [(4 / 24, "sad"), (12 / 24, ""), (20 / 24, "happy")]
    assert [s.valence for s in shown.course] == [p.affect.valence for p in heard]
    short = pictures.reading_card(fuse(None, replace(voice, course=()), FusionRules()), words_for("en"))
    assert len(pixels(draw_reading(shown))) > len(pixels(draw_reading(short)))


@few
@example(
    [
        VoiceSegment(0, 0),
        VoiceSegment(1, 0, GERMAN[0]),
        VoiceSegment(0.75, 0, GERMAN[1]),
        VoiceSegment(1, 0, GERMAN[1]),
    ]
)
@given(
    stretches=st.lists(
        st.builds(VoiceSegment, st.floats(0, 1), st.floats(-1, 1), st.sampled_from(("", *GERMAN))),
        min_size=2,
        max_size=8,
    )
)
def test_nothing_of_a_course_leaves_the_margins(stretches: list[VoiceSegment]) -> None:
    picture = pixels(draw_reading(replace(LONG, course=tuple(stretches))))
    edges = np.concatenate([picture[:, : MARGIN - 8], picture[:, WIDTH - MARGIN + 8 :]], axis=1)
    assert (edges == ImageColor.getrgb(PAPER)).all()


@pytest.mark.parametrize("labels", [ENGLISH, GERMAN])
@given(affect=affects)
@settings(deadline=None)
def test_labels_on_the_plane_never_touch(labels: tuple[str, ...], affect: Affect) -> None:
    plane = Plane(MARGIN, 800, WIDTH - MARGIN, 1260)
    x, y = plane.at(affect)
    mark = (x - 22, y - 22, x + 22, y + 22)
    points = [plane.at(NORMS[emotion]) for emotion in EMOTIONS]
    _, boxes = place_labels(labels, points, [mark], (MARGIN, 800, WIDTH - MARGIN, 1260))
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@given(a=affects, b=affects)
def test_pleasant_lies_right_and_stirred_lies_up_within_the_plane(a: Affect, b: Affect) -> None:
    plane = Plane(0, 0, 1000, 500)
    (ax, ay), (bx, by) = plane.at(a), plane.at(b)
    assert 0 < ax < 1000
    assert 0 < ay < 500
    assert abs(a.valence - b.valence) < 1e-9 or (ax < bx) == (a.valence < b.valence)
    assert abs(a.arousal - b.arousal) < 1e-9 or (ay > by) == (a.arousal < b.arousal)


@given(face=weights | st.none(), voice=weights | st.none(), fused=weights, headline=words)
def test_survives_json(
    face: tuple[float, ...] | None, voice: tuple[float, ...] | None, fused: tuple[float, ...], headline: str
) -> None:
    shown = replace(card(face or fused, voice, headline), course=LONG.course)
    assert from_dict(json.loads(json.dumps(as_dict(shown)))) == shown


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(TypeError, match="mood"):
        from_dict({**as_dict(card()), "mood": "blue"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"fused": [0.5, 0.5]},
        {"face": [0.0] * 7},
        {"labels": ["happy"]},
        {"valence": 1.5},
        {"course": [{"at": 2.0, "valence": 0.0}]},
    ],
)
def test_an_impossible_card_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"emotions|positive sum|out of range"):
        from_dict(as_dict(card()) | wrong)
