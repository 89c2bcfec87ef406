"""Let the bundled models read people they were not trained on, as they are and corrupted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain import EMOTIONS
from inference.bundles import WEIGHTS, read_json
from inference.face.bundled import BundledClassifier
from inference.face.model import FaceModel
from inference.fusion.rules import Array
from inference.research.learn import Groups, Ints
from inference.text.features import tokens
from inference.text.model import TextModel
from inference.voice.bundled import BundledVoice
from inference.voice.model import VoiceModel
from inference.voice.quality import measure
from training.face.data import corruptions as face_corruptions
from training.face.data.faces import Faces
from training.face.data.fer2013 import load_tests
from training.face.evaluation.metrics import predict_with_quality, quality_weights
from training.text.data import load
from training.voice.data import corruptions as voice_corruptions
from training.voice.data.clips import Clip
from training.voice.data.corpora import load_corpus
from training.voice.evaluation.metrics import rated

COUNT = len(EMOTIONS)
DARK, NOISE_DB = 0.08, 0.0  # share of the light that is left; white noise as loud as the voice
_AT_MOST = 120  # of a label


@dataclass(frozen=True, slots=True)
class Predictions:
    """Hold what a bundled model says of faces, voices or texts.

    `labels` [n] are right, `people` [n] name who it is. By condition there are `posteriors` [n, 7], and `weights`
    [n, 1] say how much quality lets each count. `model` is the sha256 of the file of weights that says so.
    """

    model: str
    labels: Ints
    people: Groups
    posteriors: Mapping[str, Array]
    weights: Mapping[str, Array]

    def save(self, path: Path) -> None:
        """Store them as an .npz, so that fitting need not read again."""
        said = {f"posteriors {c}": p for c, p in self.posteriors.items()}
        weighed = {f"trust {c}": t for c, t in self.weights.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        known = {"model": np.array(self.model), "labels": self.labels, "people": self.people}
        np.savez(path, allow_pickle=False, **known, **said, **weighed)

    @classmethod
    def load(cls, path: Path) -> "Predictions":
        """Read what `save` stored."""
        with np.load(path) as kept:
            parts = {
                what: {name.removeprefix(what): kept[name] for name in kept if name.startswith(what)}
                for what in ("posteriors ", "trust ")
            }
            known = str(kept["model"]), kept["labels"], kept["people"]
            return cls(*known, parts["posteriors "], parts["trust "])


def model_of(modality: str) -> str:
    """Return the sha256 of the bundled model; raises BadBundle, or KeyError where its spec has none."""
    return str(read_json(WEIGHTS / modality / "spec.json")["sha256"])


def faces(root: Path, part: str = "PublicTest") -> Predictions:
    """Read faces of one of FER-2013's parts on whose emotion FER's label and most of FERPlus' raters agree."""
    known = load_tests(root / "face")[part]
    votes = known.votes[:, :COUNT]
    chosen = known.only((votes.max(1) >= 0.5) & (votes.argmax(1) == known.fer))
    chosen = chosen.only(_at_most_per_label(chosen.fer))
    read = {c: _read_faces(chosen, light) for c, light in (("clean", 1.0), ("dark", DARK))}
    people = np.array([f"face {n}" for n in range(len(chosen))])  # nobody noted who they are
    return Predictions(
        model_of("face"),
        chosen.fer,
        people,
        {c: posteriors for c, (posteriors, _) in read.items()},
        {c: weights for c, (_, weights) in read.items()},
    )


def voices(root: Path) -> Predictions:
    """Read clips of the validation speakers."""
    clips = rated(load_corpus(root / "voice"))
    labels = np.array([c.label for c in clips])
    kept = _at_most_per_label(labels)
    clips = [c for c, keep in zip(clips, kept, strict=True) if keep]
    read = {c: _read_voices(clips, noisy) for c, noisy in (("clean", False), ("noisy", True))}
    return Predictions(
        model_of("voice"),
        labels[kept],
        np.array([f"{c.corpus} {c.speaker}" for c in clips]),
        {c: posteriors for c, (posteriors, _) in read.items()},
        {c: weights for c, (_, weights) in read.items()},
    )


def texts(root: Path) -> Predictions:
    """Read lines of GoEmotions' validation part with one emotion."""
    lines = load(root / "music", "dev").clear
    kept = _at_most_per_label(lines.labels)
    model = TextModel(WEIGHTS / "text")
    chosen = [text for text, keep in zip(lines.texts, kept, strict=True) if keep]
    posteriors = np.stack([model.probabilities(tokens(text)) for text in chosen])
    people = np.array([f"line {n}" for n in range(len(chosen))])
    weights = np.ones((len(chosen), 1))
    return Predictions(
        model_of("text"), lines.labels[kept], people, {"clean": posteriors}, {"clean": weights}
    )


def _read_faces(chosen: Faces, light: float) -> tuple[Array, Array]:
    model = FaceModel(BundledClassifier(WEIGHTS / "face"))
    images = chosen.images if light == 1 else face_corruptions.dark(chosen.images, light)
    seen = predict_with_quality(model, images, chosen.fer)
    return seen.posteriors, quality_weights(seen)[:, None]


def _read_voices(clips: list[Clip], noisy: bool) -> tuple[Array, Array]:
    model = VoiceModel(BundledVoice(WEIGHTS / "voice"))
    sounds = [voice_corruptions.noise(c.samples, NOISE_DB) if noisy else c.samples for c in clips]
    weights = [measure(sound)[0]["weight"] for sound in sounds]
    return np.stack([model.probabilities(sound) for sound in sounds]), np.array(weights)[:, None]


def _at_most_per_label(labels: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Choose rows [n] at random so that no label has more than _AT_MOST."""
    rng, chosen = np.random.default_rng(1), np.zeros(len(labels), bool)
    for label in np.unique(labels):
        chosen[rng.permutation(np.flatnonzero(labels == label))[:_AT_MOST]] = True
    return chosen
