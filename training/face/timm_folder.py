"""Store a trained net of timm's as a folder that `FACE_MODEL` takes."""

import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from timm.models import save_for_hf
from torch import nn

from domain import EMOTIONS
from inference.face.net import VOTE_LABELS
from training.calibration import fit_temperature
from training.face.data.augmentation import upscale
from training.face.data.faces import Faces
from training.face.nets import Trainee, TwoHeaded
from training.face.train import head_logits


def write_folder(trainee: Trainee, faces: Faces, vote_share: float, folder: Path) -> float:
    """Store a net with one head of seven labels, pooled as the bundled net pools its two, and a temperature.

    Pooled logits are linear in those of both heads, up to what softmax does not see, so one linear layer gives the
    same answers. The temperature is fitted to FERPlus' majority on `faces`, and returned. Raises TypeError for nets
    that are not a TwoHeaded around one of timm's.
    """
    if not isinstance(trainee.net, TwoHeaded) or not hasattr(trainee.net.classifier, "get_classifier"):
        raise TypeError("only nets of timm's can be stored in its format")
    trunk = trainee.net.eval()
    temperature = _temperature(trunk, trainee.size, faces.with_majority_emotion(), vote_share)
    classifier: Any = trunk.classifier
    _pool_heads(cast(nn.Linear, classifier.get_classifier()), vote_share)
    classifier.num_classes = len(EMOTIONS)
    config = {"input_size": (1, trainee.size, trainee.size), "mean": (trunk.level,), "std": (trunk.spread,)}
    classifier.pretrained_cfg = {**classifier.pretrained_cfg, **config, "crop_pct": 1.0}
    labels = [e.value for e in EMOTIONS]
    save_for_hf(classifier, str(folder), model_config={"label_names": labels}, safe_serialization=True)
    (folder / "spec.json").write_text(json.dumps({"temperature": temperature}) + "\n")
    return temperature


@torch.inference_mode()
def _temperature(net: TwoHeaded, size: int, faces: Faces, vote_share: float) -> float:
    """Fit the temperature without mirrored faces.

    The bundled net asks these where it doubts, a checkpoint is asked once.
    """
    count = len(EMOTIONS)
    parts = [head_logits(net, upscale(batch, size)) for batch in torch.from_numpy(faces.images).split(128)]
    votes, fer = (torch.cat(part).cpu().double() for part in zip(*parts, strict=True))
    pooled = vote_share * votes[:, :count] + (1 - vote_share) * fer
    return round(fit_temperature(pooled.numpy(), np.eye(count)[faces.votes.argmax(1)]), 4)


@torch.no_grad()
def _pool_heads(layer: nn.Linear, vote_share: float) -> None:
    """Pool fifteen outputs of the last layer into seven, in place."""
    count, fer = len(EMOTIONS), len(VOTE_LABELS)
    for name, values in list(layer.named_parameters()):
        pooled = vote_share * values[:count] + (1 - vote_share) * values[fer:]
        setattr(layer, name, nn.Parameter(pooled))
    layer.out_features = count
