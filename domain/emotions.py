"""Name the seven emotions, the labels of FER-2013, in alphabetical order everywhere."""

from enum import StrEnum


class Emotion(StrEnum):
    """Name an expressed emotion; the value is the label used in files, models and JSON."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    NEUTRAL = "neutral"
    SAD = "sad"
    SURPRISE = "surprise"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
