"""Fit the curves by which quality lowers a voice's weight, on corrupted voices of validation speakers.

How a curve is fitted, see `training.quality_curves`.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from inference.curve import Curve
from inference.voice.decode import Sound
from inference.voice.model import VoiceModel
from inference.voice.quality import CURVES, judge, measures
from training.calibration import summary
from training.quality_curves import MeasuredPredictions, concatenated, fit_curve
from training.voice.data.clips import Clip
from training.voice.data.corruptions import (
    Corruption,
    clipped,
    noise,
    quiet,
    room,
    short,
    street,
    with_street,
)
from training.voice.evaluation.metrics import labels_of

# What worsens a measure, slightly to badly; a room rings into the pauses, so it is heard as noise.
_CORRUPTIONS: Mapping[str, Sequence[tuple[Corruption, Sequence[float]]]] = {
    "speech_seconds": [(short, (2.0, 1.5, 1.0, 0.7, 0.5, 0.3))],
    "snr_db": [(noise, (25, 20, 15, 10, 5, 0)), (room, (0.3, 0.7, 1.5))],
    "clipping": [(clipped, (0.7, 0.5, 0.3, 0.2, 0.1, 0.05))],
    "level_db": [(quiet, (-40, -48, -55, -60, -66, -72))],
}
_STREET = (20, 10, 5, 0)  # dB below, as noise is


def predict_with_quality(
    model: VoiceModel, clips: Sequence[Clip], corrupt: Corruption | None = None, strength: float = 0
) -> MeasuredPredictions:
    """Measure and read clips as the product does, corrupted or as they are."""
    sounds = [corrupt(c.samples, strength) if corrupt else c.samples for c in clips]
    taken = [measures(sound) for sound in sounds]
    posteriors = np.stack([model.probabilities(sound) for sound in sounds])
    by_name = {name: np.array([each[name] for each in taken]) for name in taken[0]}
    return MeasuredPredictions(by_name, posteriors, labels_of(clips))


def fit_curves(model: VoiceModel, clips: Sequence[Clip], noises: Sequence[Sound]) -> Iterator[Curve]:
    """Fit the product's curves anew, one by one, to labelled clips."""
    clean = predict_with_quality(model, clips)
    for curve in CURVES:
        corruptions = [*_CORRUPTIONS[curve.measure]]
        if noises and curve.measure == "snr_db":
            corruptions.append((street(noises), _STREET))
        corrupted = [
            predict_with_quality(model, clips, corrupt, strength)
            for corrupt, strengths in corruptions
            for strength in strengths
        ]
        yield fit_curve(curve, clean, concatenated([clean, *corrupted]))


def robustness(
    model: VoiceModel, clips: Sequence[Clip], noises: Sequence[Sound]
) -> dict[str, list[dict[str, float]]]:
    """Return recall and mean weight of clips as they are, and corrupted each way at three strengths."""

    def figures(corrupt: Corruption | None, strength: float) -> dict[str, float]:
        read = predict_with_quality(model, clips, corrupt, strength)
        weight = float(np.mean([judge(row)[0]["weight"] for row in read.rows]))
        recall = summary(read.posteriors, read.labels)["unweighted_average_recall"]
        return {"recall": recall, "weight": round(weight, 3)} | ({"strength": strength} if corrupt else {})

    corrupted = {
        name: [figures(corrupt, strength) for strength in strengths]
        for name, (corrupt, strengths) in with_street(noises).items()
    }
    return {"as they are": [figures(None, 0)], **corrupted}
