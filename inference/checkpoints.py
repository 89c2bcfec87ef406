"""Open other people's classifiers, by a folder or a Hub id: checked files, labels mapped by name, exact weights.

What reads them is in `face/checkpoint.py` and `voice/checkpoint.py`. Nothing here runs code that comes with a
checkpoint, and nothing is unpickled: weights are safetensors, and a config may only name classes that the installed
libraries have.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from domain import EMOTIONS, Emotion
from domain.readings import Modality
from inference.bundles import BadBundle, read_json
from inference.errors import Fault, first_line, listed, weight_differences

if TYPE_CHECKING:
    from torch import nn

WEIGHTS_FILE = "model.safetensors"
_FILES = ("config.json", "preprocessor_config.json", "spec.json", WEIGHTS_FILE)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")

# Names that published checkpoints use. Calm counts as neutral, as it does in the bundled voice model's training.
_NAMES = {
    Emotion.ANGRY: "angry anger ang mad",
    Emotion.DISGUST: "disgust disgusted dis",
    Emotion.FEAR: "fear fearful afraid scared fea",
    Emotion.HAPPY: "happy happiness joy joyful hap",
    Emotion.NEUTRAL: "neutral neutrality neu calm",
    Emotion.SAD: "sad sadness",
    Emotion.SURPRISE: "surprise surprised sur",
}
_EMOTION_OF = {name: emotion for emotion, names in _NAMES.items() for name in names.split()}
_LEFT_OUT = {"contempt", "contemptuous", "boredom", "bored", "other", "unknown"}


class BadCheckpoint(BadBundle):
    """Report a checkpoint that cannot be used, in one sentence that names it and the fault."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hold a checkpoint whose files are there: its config.json, and what its spec.json says if it has one.

    temperature: what logits are divided by. calibrated: whether somebody measured the temperature. grey: whether a net
    of three channels was trained on grey pictures.
    """

    folder: Path
    config: dict[str, Any]
    temperature: float = 1.0
    calibrated: bool = False
    grey: bool = False

    def refuse(self, fault: Fault, **facts: object) -> NoReturn:
        """Raise BadCheckpoint with a fault of this folder and the facts of it."""
        raise BadCheckpoint(fault, place=self.folder, **facts)


def locate(name: str) -> Path:
    """Return the folder of a checkpoint: `name` itself, or what it names on the Hugging Face Hub or in its cache.

    The Hub is asked only where there is no such folder, and not at all with HF_HUB_OFFLINE=1; only safetensors and
    the JSON files are fetched. May take minutes. Raises BadCheckpoint.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=list(_FILES)))
    except (
        Exception
    ) as error:  # its own, those of the file system, and those of whatever HTTP client it has today
        raise BadCheckpoint(Fault.NOT_LOCATED, place=name, reason=type(error).__name__) from error


def locate_all(names: Mapping[Modality, str]) -> dict[Modality, Path]:
    """Locate each checkpoint that is named; an empty name stands for the bundled model. Raises BadCheckpoint."""
    return {modality: locate(name) for modality, name in names.items() if name}


def open_checkpoint(folder: Path) -> Checkpoint:
    """Check the files of a checkpoint and read its configuration, not its weights; raises BadBundle."""
    checkpoint = Checkpoint(folder, read_json(folder / "config.json"))
    if not (folder / WEIGHTS_FILE).is_file():
        if pickles := sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern)):
            checkpoint.refuse(Fault.PICKLED, name=pickles[0])
        checkpoint.refuse(Fault.NO_SAFETENSORS)
    if not (folder / "spec.json").is_file():
        return checkpoint
    spec = read_json(folder / "spec.json")
    temperature = spec.get("temperature", 1.0)
    if not isinstance(temperature, (int, float)) or not (math.isfinite(temperature) and temperature > 0):
        checkpoint.refuse(Fault.BAD_TEMPERATURE)
    return Checkpoint(
        folder, checkpoint.config, float(temperature), "temperature" in spec, spec.get("grey") is True
    )


def label_matrix(checkpoint: Checkpoint, labels: Sequence[str]) -> NDArray[np.float64]:
    """Return which emotion each label means: a matrix [labels, 7] of 0 and 1 that maps probabilities by `@`.

    Labels of one emotion are added up; the rows of known states that are none of the seven (contempt, boredom, other)
    are 0. Raises BadCheckpoint for labels that say nothing, and when an emotion has none.
    """
    plain = [_normalised(label) for label in labels]
    unknown = [n for n, p in zip(labels, plain, strict=True) if p not in _EMOTION_OF and p not in _LEFT_OUT]
    if unknown:
        checkpoint.refuse(Fault.NO_EMOTION_NAMED, labels=listed(unknown))
    if missing := [e for e in EMOTIONS if e not in map(_EMOTION_OF.get, plain)]:
        checkpoint.refuse(Fault.NO_LABEL_FOR, emotions=listed(missing), labels=listed(labels))
    return np.array([[float(_EMOTION_OF.get(p) is e) for e in EMOTIONS] for p in plain])


def id2label(checkpoint: Checkpoint) -> list[str]:
    """Return the labels of a transformers checkpoint, in the order of its logits; raises BadCheckpoint."""
    return labels_of(checkpoint, checkpoint.config.get("id2label"), "id2label")


def labels_of(checkpoint: Checkpoint, names: object, key: str) -> list[str]:
    """Return labels given as a list, or as an object whose keys are 0, 1, 2, ...; raises BadCheckpoint."""
    if isinstance(names, dict):
        names = [names.get(str(n)) for n in range(len(names))]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        checkpoint.refuse(Fault.NO_LABELS, key=key)
    return names


def load_strictly(auto: Any, checkpoint: Checkpoint, unused: tuple[str, ...] = ()) -> "nn.Module":
    """Load a net of transformers in float32; `auto` is one of its AutoModelFor... classes.

    Where weights are missing transformers would begin with random ones and go on. `unused` are ends of names of weights
    that take no part in reading, which may be missing or be there for nothing. Raises BadCheckpoint.
    """
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()  # it prints what it misses as a table, which the exception says in a sentence
    logging.disable_progress_bar()
    try:
        net, info = auto.from_pretrained(
            checkpoint.folder,
            dtype=torch.float32,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            ignore_mismatched_sizes=True,  # only for a list of all of them: none is ignored
            output_loading_info=True,
        )
    except Exception as error:  # what a config can make transformers raise is without end
        checkpoint.refuse(Fault.NOT_LOADED, library="transformers", reason=first_line(error))
    check_weights(
        checkpoint,
        [key for key in info["missing_keys"] if not key.endswith(unused)],
        [key for key in info["unexpected_keys"] if not key.endswith(unused)],
        [key for key, *_ in info["mismatched_keys"]],
    )
    loaded: nn.Module = net.eval()
    return loaded


def check_weights(
    checkpoint: Checkpoint, missing: Iterable[str], unexpected: Iterable[str], misshapen: Iterable[str] = ()
) -> None:
    """Check that no weight is missing, unexpected or misshapen: each would mean a net that nobody trained so.

    Raises BadCheckpoint.
    """
    if differences := weight_differences(missing, unexpected, misshapen):
        checkpoint.refuse(Fault.WEIGHTS_OF_ANOTHER_CONFIG, differences=differences)


def _normalised(label: str) -> str:
    """Return the lower-case words of a label, without the "LABEL_" and the numbers that some labels carry."""
    return " ".join(re.findall("[a-z]+", label.casefold())).removeprefix("label").strip()
