"""Hold what was read from one face, voice or text, and from all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from domain import Affect, Emotion, Posterior

Modality = Literal["face", "voice", "text"]
MODALITIES: tuple[Modality, ...] = ("face", "voice", "text")


class Certainty(StrEnum):
    """Say how sure a reading is, in the steps that people are told."""

    QUITE = "quite"
    FAIRLY = "fairly"
    UNSURE = "unsure"
    UNMEASURED = "unmeasured"  # nobody measured how often it is right
    CONTRADICTORY = "contradictory"  # two sides name different emotions: no number says which is right


_QUITE = 0.75  # the confidence from which a sure reading is called quite sure
_FAINT = 0.8  # an input counted clearly less below this weight; a good picture or sound has 1


def whole_percent(probability: float) -> int | None:
    """Return a probability in whole percent, or None where that would be 100: nobody is ever certain."""
    percent = round(100 * probability)
    return percent if percent < 100 else None


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold what one of the equal parts of a long voice note says, from `start` to `end` in seconds."""

    start: float
    end: float
    posterior: Posterior

    def as_dict(self) -> dict[str, Any]:
        """Return the passage for JSON and storage."""
        return {"start": self.start, "end": self.end, "probabilities": self.posterior.as_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Passage":
        """Make a passage of what as_dict returned; raises KeyError when a part is missing."""
        return cls(values["start"], values["end"], Posterior.from_dict(values["probabilities"]))


@dataclass(frozen=True, slots=True)
class ModalityReading:
    """Hold what was read from one face, one voice or one text.

    `quality` holds measures by name (pixels, grey levels 0..1, seconds, dB) and `weight`, 0..1: how much this input
    may count in the fusion. `hints` are codes of what to do better; `ms` are durations of the steps. `calibrated` is
    false for a model of which nobody measured how often it is right when it says so. `course` is how a long voice note
    goes on, without the passages in which nobody speaks; it is empty where there are not two of them.
    """

    posterior: Posterior
    quality: Mapping[str, float]
    hints: tuple[str, ...] = ()
    ms: Mapping[str, float] = field(default_factory=dict)
    calibrated: bool = True
    course: tuple[Passage, ...] = ()

    @property
    def weight(self) -> float:
        """Return how much the input's quality lets it count, 0..1."""
        return self.quality.get("weight", 1.0)

    def as_dict(self) -> dict[str, Any]:
        """Return the reading for JSON and storage, as numbers and codes only."""
        return {
            "probabilities": self.posterior.as_dict(),
            **_plane(self.posterior),
            "quality": dict(self.quality),
            "hints": list(self.hints),
            "ms": dict(self.ms),
            "calibrated": self.calibrated,
            "course": [passage.as_dict() for passage in self.course],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ModalityReading":
        """Make a reading of what as_dict returned; raises KeyError when a part is missing."""
        posterior = Posterior.from_dict(values["probabilities"])
        calibrated = values.get("calibrated", True)  # older readings have neither this
        course = tuple(map(Passage.from_dict, values.get("course", ())))  # nor this
        hints, ms = tuple(values["hints"]), dict(values["ms"])
        return cls(posterior, dict(values["quality"]), hints, ms, calibrated, course)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what all that was sent says together, and each part of it.

    `confidence` is the probability of the likeliest emotion, 0..1. `sure` is false below the measured
    threshold, and where two parts contradict each other: then `disagree` is true, and `sides` names the two
    that do most.
    """

    posterior: Posterior
    sure: bool
    disagree: bool
    face: ModalityReading | None = None
    voice: ModalityReading | None = None
    text: ModalityReading | None = None
    sides: tuple[Modality, ...] = ()

    @property
    def confidence(self) -> float:
        """Return the probability of the likeliest emotion."""
        return self.posterior.confidence

    @property
    def affect(self) -> Affect:
        """Return the expected point on the plane of valence and arousal."""
        return self.posterior.affect

    @property
    def calibrated(self) -> bool:
        """Tell whether `confidence` may be shown as a number: whether all that it rests on is calibrated.

        Of what contradicts itself it is none, since one of the two is wrong and nobody knows which.
        """
        return not self.disagree and all(part.calibrated for part in self.parts.values())

    @property
    def certainty(self) -> Certainty:
        """Return how sure the reading is, as people are told it."""
        if self.opposing:
            return Certainty.CONTRADICTORY
        if not self.calibrated:
            return Certainty.UNMEASURED
        if not self.sure:
            return Certainty.UNSURE
        return Certainty.QUITE if self.confidence >= _QUITE else Certainty.FAIRLY

    @property
    def discounted(self) -> tuple[Modality, ...]:
        """Return what counted clearly less than the rest, for its quality; nothing where there is no rest."""
        faint = tuple(name for name, part in self.parts.items() if part.weight < _FAINT)
        return faint if len(self.parts) > 1 else ()

    @property
    def opposing(self) -> dict[Modality, Emotion]:
        """Return what the two sides show that contradict each other, by modality; empty where none do."""
        return {side: self.parts[side].posterior.top for side in self.sides}

    @property
    def candidates(self) -> tuple[Emotion, ...]:
        """Return the likeliest emotion; if it is not sure, the two likeliest or what the opposing sides show."""
        likeliest = tuple(emotion for emotion, _ in self.posterior.ranked[: 1 if self.sure else 2])
        return tuple(self.opposing.values()) or likeliest

    @property
    def parts(self) -> dict[Modality, ModalityReading]:
        """Return what was read, by modality."""
        given: dict[Modality, ModalityReading | None]
        given = {"face": self.face, "voice": self.voice, "text": self.text}
        return {name: part for name, part in given.items() if part}

    def as_dict(self) -> dict[str, Any]:
        """Return the fused part for JSON and storage (its parts have dictionaries of their own)."""
        parts = self.parts.items()
        return {
            "probabilities": self.posterior.as_dict(),
            **_plane(self.posterior),
            "quality": {f"{name}_weight": part.weight for name, part in parts},
            "hints": [hint for _, part in parts for hint in part.hints],
            "ms": {name: round(sum(part.ms.values()), 1) for name, part in parts},
            "confidence": self.confidence,
            "calibrated": self.calibrated,
            "sure": self.sure,
            "disagree": self.disagree,
            "sides": list(self.sides),
            "candidates": [emotion.value for emotion in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class StoredReading:
    """Hold what is needed later of a reading that was stored as `Reading.as_dict()`.

    `candidates` are the one or two emotions that the reading named.
    """

    posterior: Posterior
    candidates: tuple[Emotion, ...]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "StoredReading":
        """Read the JSON object of a reading; raise KeyError where it has no probabilities.

        Readings of earlier versions name no candidates: the likeliest emotion stands for them.
        """
        posterior = Posterior.from_dict(values["probabilities"])
        return cls(posterior, tuple(map(Emotion, values.get("candidates", ()))) or (posterior.top,))


def _plane(posterior: Posterior) -> dict[str, float]:
    affect, sd = posterior.affect, posterior.affect_sd
    return {
        "valence": affect.valence,
        "arousal": affect.arousal,
        "valence_sd": sd.valence,
        "arousal_sd": sd.arousal,
    }
