"""Measure face nets on people they have never seen.

Both heads are measured, and what the product says, of corrupted faces too.
"""

from typing import Any

import numpy as np

from inference.face.find import whole_picture
from inference.face.model import FaceModel
from inference.face.quality import judge
from training.calibration import Floats, Ints, summary
from training.face.data.corruptions import STRENGTHS
from training.face.data.faces import Faces
from training.face.data.pictures import Images
from training.face.nets import Trainee
from training.face.train import flip_averaged_logits
from training.figures import confusion_figures
from training.quality_curves import MeasuredPredictions

_BATCH = 64  # faces that are read at once: four times as fast as one by one


def head_figures(trainee: Trainee, faces: Faces) -> dict[str, Any]:
    """Return the figures of both heads.

    `fer` is for FER's own seven labels, `ferplus` for the majority of FERPlus' votes, contempt too.
    """
    votes, fer = flip_averaged_logits(trainee.net, faces.images, trainee.size)
    voted = faces.votes.sum(1) > 0
    return {
        "fer": confusion_figures(fer.argmax(1).numpy(), faces.fer),
        "ferplus": confusion_figures(votes.argmax(1).numpy()[voted], faces.votes.argmax(1)[voted]),
    }


def predict_with_quality(
    model: FaceModel, images: Images, labels: Ints, pixels: float = 48
) -> MeasuredPredictions:
    """Measure and read faces [n, 48, 48] as the product does; they are `pixels` high in their pictures."""
    aligned = [model.align(picture, whole_picture(picture)) for picture in images[..., None].repeat(3, 3)]
    cut_out = np.stack([face for face, _ in aligned])
    batches = np.array_split(cut_out, -(-len(cut_out) // _BATCH))
    posteriors = np.concatenate([model.classifier.probabilities(batch) for batch in batches])
    measures = {name: np.array([m[name] for _, m in aligned]) for name in aligned[0][1]}
    return MeasuredPredictions(measures | {"pixels": np.full(len(images), pixels)}, posteriors, labels)


def quality_weights(seen: MeasuredPredictions) -> Floats:
    """Return how much quality lets each face count, [n] 0..1."""
    return np.array([judge(row, 1)[0]["weight"] for row in seen.rows])


def robustness(model: FaceModel, faces: Faces) -> dict[str, list[dict[str, float]]]:
    """Return accuracy and mean weight for faces as they are, and corrupted each way at three strengths.

    Accuracy is against FERPlus' majority.
    """
    known = faces.with_majority_emotion()
    labels = known.votes.argmax(1)

    def figures(images: Images) -> dict[str, float]:
        seen = predict_with_quality(model, images, labels)
        return {
            "accuracy": round(float(seen.right.mean()), 3),
            "weight": round(float(quality_weights(seen).mean()), 2),
        }

    corrupted = {
        name: [figures(corrupt(known.images, strength)) for strength in strengths]
        for name, (corrupt, strengths) in STRENGTHS.items()
    }
    return {"as they are": [figures(known.images)], **corrupted}


def subgroup_figures(seen: MeasuredPredictions, agreement: Floats) -> dict[str, dict[str, float]]:
    """Return the figures of rough groups of faces by light, pose and agreement.

    FER-2013 lets one form no others: nobody noted age, sex or skin. `agreement` [n] is the share of raters who voted
    for the majority.
    """
    light, turn = seen.measures["brightness"], seen.measures["turn"]
    low, high = np.quantile(light, [1 / 3, 2 / 3])
    groups = {
        "darkest third of the faces": light < low,
        "middle third": (light >= low) & (light < high),
        "brightest third": light >= high,
        "facing the camera": turn < 0.1,
        "turned a little": (turn >= 0.1) & (turn < 0.2),
        "turned aside": turn >= 0.2,
        "at most half of the raters agree": agreement <= 0.5,
        "more than half, at most 80 %": (agreement > 0.5) & (agreement <= 0.8),
        "more than 80 % agree": agreement > 0.8,
    }
    return {name: summary(seen.posteriors[chosen], seen.labels[chosen]) for name, chosen in groups.items()}
