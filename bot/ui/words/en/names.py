"""Names and grammar that all topics share."""

from collections.abc import Mapping, Sequence

from domain import Emotion
from music.sources.links import PUBLIC


def plural(count: int, one: str, other: str) -> str:
    """Return the form of a noun or phrase that goes with a count."""
    return one if count == 1 else other


def either(names: Sequence[str]) -> str:
    """Join names as alternatives: "this, that or the other"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


PUBLIC_LISTS = either([service.label for service in PUBLIC])


class NameWords:
    """Name emotions, sources of a reading, and the ends of the plane."""

    source_names: tuple[str, str, str, str] = ("face", "voice", "words", "together")
    axes: tuple[str, str, str, str] = ("unpleasant", "pleasant", "calm", "stirred")
    emotions: Mapping[Emotion, str] = {
        Emotion.ANGRY: "angry",
        Emotion.DISGUST: "disgusted",
        Emotion.FEAR: "afraid",
        Emotion.HAPPY: "happy",
        Emotion.NEUTRAL: "neutral",
        Emotion.SAD: "sad",
        Emotion.SURPRISE: "surprised",
    }
