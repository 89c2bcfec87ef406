"""Classify voices with any audio classifier of transformers that names the emotions (WavLM, HuBERT, wav2vec 2.0)."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.checkpoints import (
    Checkpoint,
    id2label,
    label_matrix,
    load_strictly,
    open_checkpoint,
)
from inference.errors import Fault, first_line
from inference.int8 import quantised_if_faster
from inference.voice.decode import MIN_SECONDS, RATE, Sound

# What stands for masked frames in training. A net makes or lacks it by its config's masking, which fine-tuning often
# changes, so published checkpoints have one too many or too few; nothing is masked when a voice is read.
_UNUSED_WEIGHTS = ("masked_spec_embed",)
_TEST_SECONDS = 3  # seconds of the sounds on which eight bits are tried: a short voice note


class CheckpointVoice:
    """Read windows of sound as the checkpoint's own preprocessor_config says, standardised or as they are.

    Not safe to share between threads.
    """

    def __init__(self, folder: Path, int8: bool = False) -> None:
        """Load a checkpoint, check it and try it, with `int8` also in eight bits.

        Raises BadBundle (BadCheckpoint for most faults).
        """
        from transformers import AutoModelForAudioClassification

        checkpoint = open_checkpoint(folder)
        labels = id2label(checkpoint)
        matrix = label_matrix(checkpoint, labels)
        self._kept = np.flatnonzero(matrix.any(1))
        self._matrix = matrix[self._kept]
        self._temperature = checkpoint.temperature
        self.calibrated = checkpoint.calibrated
        self._extractor = _extractor(checkpoint)
        self.net = load_strictly(AutoModelForAudioClassification, checkpoint, _UNUSED_WEIGHTS)
        self._check_answers(checkpoint, len(labels))
        if int8:
            self.net = quantised_if_faster(self.net, self._logits, _test_sounds(_TEST_SECONDS))

    @torch.inference_mode()
    def probabilities(self, sound: Sound) -> NDArray[np.float64]:
        """Return probabilities [7] of mono 16 kHz sound [samples]."""
        logits = self._logits(self.net, torch.from_numpy(sound)[None])[0, self._kept]
        known = (logits / self._temperature).softmax(0).double().numpy()
        out: NDArray[np.float64] = known @ self._matrix
        return out

    def _logits(self, net: nn.Module, sounds: Tensor) -> Tensor:
        """Return logits [n, labels] of sounds [n, samples]."""
        inputs = self._extractor(list(sounds.numpy()), sampling_rate=RATE, return_tensors="pt")
        if "attention_mask" in inputs and inputs["attention_mask"].all():
            del inputs["attention_mask"]  # it hides nothing, and costs time
        logits: Tensor = net(**inputs).logits
        return logits

    @torch.inference_mode()
    def _check_answers(self, checkpoint: Checkpoint, labels: int) -> None:
        """Check that it answers the shortest sounds that there are as it should; raises BadCheckpoint."""
        sounds = _test_sounds(MIN_SECONDS)
        try:
            logits = self._logits(self.net, sounds)
        except Exception as error:  # any part of its config may be wrong
            checkpoint.refuse(Fault.CANNOT_READ_SOUND, reason=first_line(error))
        if logits.shape != (len(sounds), labels) or not logits.isfinite().all():
            checkpoint.refuse(Fault.OTHER_ANSWERS, count=labels)


def _extractor(checkpoint: Checkpoint) -> Any:
    """Load what makes a net's inputs of sound; raises BadCheckpoint, also where it is not for sound at 16 kHz."""
    from transformers import AutoFeatureExtractor

    try:
        extractor = AutoFeatureExtractor.from_pretrained(
            checkpoint.folder, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # as for the net itself
        checkpoint.refuse(Fault.BAD_PREPROCESSOR, reason=first_line(error))
    rate = getattr(extractor, "sampling_rate", None)
    if rate != RATE:
        checkpoint.refuse(Fault.OTHER_RATE, rate=rate, expected=RATE)
    return extractor


def _test_sounds(seconds: float) -> Tensor:
    """Make a low and a high voice of sorts [2, samples] to try a net: buzzes that swell and fade like syllables."""
    t = np.arange(int(seconds * RATE)) / RATE
    pitches = np.array([[110.0], [230.0]])
    buzz = (pitches * (t + 0.02 * np.sin(2 * np.pi * t))) % 1 - 0.5
    breath = np.random.default_rng(0).normal(0, 0.01, buzz.shape)
    return torch.from_numpy((0.3 * buzz * np.sin(2 * np.pi * t) ** 2 + breath).astype(np.float32))
