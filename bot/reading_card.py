"""What the picture of a reading shows."""

from affect import EMOTIONS
from bot.cards import ReadingCard
from bot.words import Words
from inference import Reading


def of(reading: Reading, words: Words) -> ReadingCard:
    """The picture's contents in the person's language."""
    return ReadingCard(
        headline=words.headline(reading),
        subline=words.how_sure(reading),
        labels=tuple(words.emotions[e] for e in EMOTIONS),
        axes=words.axes,
        names=words.names,
        face=reading.face.posterior.probabilities if reading.face else None,
        voice=reading.voice.posterior.probabilities if reading.voice else None,
        fused=reading.posterior.probabilities,
        valence=reading.affect.valence,
        arousal=reading.affect.arousal,
        percentages=reading.calibrated,
    )
