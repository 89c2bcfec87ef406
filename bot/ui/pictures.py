"""Pictures of readings, paths and moods, as cards in the words of a language, and the caption of a reading."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.ui.cards import HistoryCard, Moment, PathCard, ReadingCard, VoiceSegment
from bot.ui.words import Words
from domain import EMOTIONS, Affect, Emotion, Goal
from domain.tracks import MoodSource
from inference import ModalityReading, Reading
from music.selection import Choice
from storage.checkins import Checkin


def reading_card(reading: Reading, words: Words) -> ReadingCard:
    """Show what was recognised, how surely, and from what."""
    return ReadingCard(
        headline=words.headline(reading),
        subline=words.how_sure(reading),
        labels=_labels(words),
        axes=words.axes,
        names=words.source_names,
        face=reading.face.posterior.probabilities if reading.face else None,
        voice=reading.voice.posterior.probabilities if reading.voice else None,
        text=reading.text.posterior.probabilities if reading.text else None,
        fused=reading.posterior.probabilities,
        valence=reading.affect.valence,
        arousal=reading.affect.arousal,
        percentages=reading.calibrated,
        together=not reading.disagree,
        course=_course(reading.voice, words),
        course_heading=words.voice_course,
    )


def reading_caption(reading: Reading, words: Words, *, by_personal_bias: bool = False) -> str:
    """Write the caption under a reading's picture, in Telegram's HTML.

    `by_personal_bias` tells that earlier corrections of the person had a say.
    """
    lines = [
        f"<b>{words.headline(reading)}</b> ({words.how_sure(reading)})",
        words.rests_on(list(reading.parts)),
    ]
    lines += [words.counted_less[modality] for modality in reading.discounted]
    if by_personal_bias:
        lines.append(words.corrections_counted)
    if reading.opposing:
        lines.append(words.which_side(reading.opposing))
    elif not reading.sure:
        lines.append(words.cannot_tell)
    hints = [hint for part in reading.parts.values() for hint in part.hints]
    return "\n".join(filter(None, [*lines, words.advice(hints), words.only_a_guess]))


def _course(voice: ModalityReading | None, words: Words) -> tuple[VoiceSegment, ...]:
    """Make a segment of each passage of a long note, named where it shows another emotion than the one before."""
    if voice is None or not voice.course:
        return ()
    said = [words.emotions[passage.posterior.top] for passage in voice.course]
    news = ["" if word == before else word for before, word in pairwise(["", *said])]
    middles = [(passage.start + passage.end) / 2 / voice.quality["seconds"] for passage in voice.course]
    valences = [passage.posterior.affect.valence for passage in voice.course]
    return tuple(map(VoiceSegment, middles, valences, news))


def path_card(start: Affect, goal: Goal, choices: Sequence[Choice], title: str, words: Words) -> PathCard:
    """Show the path from a mood over its waypoints to a goal, and where the chosen tracks are believed to lie."""
    way = [start, *(choice.waypoint for choice in choices), goal.affect]
    known = [c.mood.affect if c.mood.source is not MoodSource.UNKNOWN else None for c in choices]
    return PathCard(
        headline=title,
        subline=words.path_legend,
        labels=_labels(words),
        axes=words.axes,
        way=tuple(map(_point, way)),
        tracks=tuple(_point(affect) if affect else None for affect in known),
    )


def history_card(moods: Iterable[tuple[Checkin, Affect, Sequence[Emotion]]], words: Words) -> HistoryCard:
    """Show the last moods, the oldest first and at least one.

    Each comes with its point on the plane, and with the one or two emotions that it may be.
    """
    moments = tuple(
        Moment(
            when=words.moment(checkin.opened_at),
            what=words.mood_in_history(emotions, told=checkin.corrected is not None),
            valence=affect.valence,
            arousal=affect.arousal,
            told=checkin.corrected is not None,
        )
        for checkin, affect, emotions in moods
    )
    return HistoryCard(words.history_title, words.history_legend, _labels(words), words.axes, moments)


def _labels(words: Words) -> tuple[str, ...]:
    return tuple(words.emotions[e] for e in EMOTIONS)


def _point(affect: Affect) -> tuple[float, float]:
    return affect.valence, affect.arousal
