"""The seven labels of FER-2013, in alphabetical order everywhere."""

from enum import StrEnum


class Emotion(StrEnum):
    """An expressed emotion. The value is the label used in files, models and JSON."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    NEUTRAL = "neutral"
    SAD = "sad"
    SURPRISE = "surprise"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
