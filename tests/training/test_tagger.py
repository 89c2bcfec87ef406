"""The tagger's weights: what a checkpoint holds is read, and leaving out dead filters changes nothing."""

import math
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import conv1d, conv2d, pad, relu

from music.errors import BadWeights
from music.sound.tagger import FRAMES, SHAPES
from music.sound.weight_files import read_weights
from training.files import BadData
from training.music.bundle import read_bundle
from training.music.export import export
from training.music.tagger import CHECKPOINT, checkpoint, converted


def varint(value: int) -> bytes:
    low = bytearray()
    while value > 127:
        low.append(value & 127 | 128)
        value >>= 7
    return bytes([*low, value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """Each key whole, one restart, no compression, a checksum that nobody reads."""
    body = b"".join(b"\0" + varint(len(key)) + varint(len(value)) + key + value for key, value in entries)
    return body + struct.pack("<II", 0, 1) + b"\0" + bytes(4)


def bundle(arrays: dict[str, NDArray[np.float32]]) -> tuple[bytes, bytes]:
    """An index in one block and the numbers, as TensorFlow lays them down."""
    data, entries = b"", [(b"", b"header")]
    for name, array in sorted(arrays.items()):
        shape = b"".join(field(2, field(1, size)) for size in array.shape)
        start = field(4, len(data)) if data else b""  # protobuf leaves zeros out
        entry = field(1, 1) + field(2, shape) + start + field(5, array.nbytes) + varint(6 << 3 | 5) + bytes(4)
        entries.append((name.encode(), entry))
        data += array.tobytes()
    first = block(entries)
    places = block([(b"z", varint(0) + varint(len(first) - 5))])
    footer = varint(0) * 2 + varint(len(first)) + varint(len(places) - 5)
    return first + places + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57), data


names = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=200)
shapes = st.lists(st.integers(1, 5), max_size=3)


@given(st.dictionaries(names, shapes, max_size=6))
def test_what_a_checkpoint_holds_is_read(wanted: dict[str, list[int]]) -> None:
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=shape).astype("<f4") for name, shape in wanted.items()}
    read = read_bundle(*bundle(arrays))
    assert set(read) == set(arrays)
    for name, array in arrays.items():
        assert np.array_equal(read[name], array)


@given(st.binary(max_size=300), st.integers(0, 200), st.binary(max_size=8))
def test_what_is_no_checkpoint_is_said(noise: bytes, at: int, patch: bytes) -> None:
    with pytest.raises(ValueError, match="not the index"):
        read_bundle(noise, b"")
    index, data = bundle({"a/kernel": np.ones((3, 4), "<f4"), "a/bias": np.ones(4, "<f4")})
    with suppress(ValueError):  # anything else fails
        read_bundle(index[:at] + patch + index[at + len(patch) :], data)


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for part in (".index", ".data-00000-of-00001"):
            archive.writestr(CHECKPOINT + part, b"other")
    with pytest.raises(BadData, match="is not the one of musicnn"):
        checkpoint(wheel)


def test_what_is_exported_is_read_beside_what_was_there(tmp_path: Path) -> None:
    export(tmp_path, "one", {"x": torch.tensor([1.5])}, fact=1)
    export(tmp_path, "two", {"y": torch.tensor([2.5])}, more=2)
    tensors, spec = read_weights("one", tmp_path, lambda tensors, spec: (tensors, spec))
    assert tensors["x"].tolist() == [1.5]
    assert (spec["fact"], spec["more"]) == (1, 2)
    (tmp_path / "two.safetensors").write_bytes((tmp_path / "one.safetensors").read_bytes())
    with pytest.raises(BadWeights):
        read_weights("two", tmp_path, lambda tensors, _: tensors)


def made_up() -> dict[str, Tensor]:
    """Tensors as the checkpoint has them; every third filter next to the sound is dead: its answer never varies."""
    generator, shapes = torch.Generator().manual_seed(0), [*SHAPES, (7, 561), (7, 64), (7, 64)]
    counts = [204, 204, 51, 51, 51, 64, 64, 64]

    def some(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) / math.sqrt(math.prod(shape[:-1]))

    arrays = {"dense/kernel": some(1506, 200), "dense/bias": some(200)}
    for number, (shape, count) in enumerate(zip(shapes, counts, strict=True)):
        layer = f"conv2d_{number}" if number else "conv2d"
        arrays |= {f"{layer}/kernel": some(*shape, 1, count), f"{layer}/bias": some(count).abs()}
    for number, count in enumerate([1, *counts, 1506]):
        layer = f"batch_normalization_{number}" if number else "batch_normalization"
        arrays |= {f"{layer}/{part}": some(count) for part in ("gamma", "beta", "moving_mean")}
        arrays[f"{layer}/moving_variance"] = some(count).abs() + 0.1
        if 0 < number < 6:
            arrays[f"{layer}/moving_variance"][::3] = 0
            arrays[f"conv2d_{number - 1}/kernel" if number > 1 else "conv2d/kernel"][..., ::3] = 0
    first = torch.cat([torch.arange(count) for count in counts[:5]])
    arrays["conv2d_5/kernel"][:, first % 3 == 0] = (
        0  # what the layers behind make of them differs at the edges
    )
    return arrays


def whole(arrays: dict[str, Tensor], spectra: Tensor) -> Tensor:
    """What the net with all its filters makes of spectra [n, frames, bands], as the package defines it."""

    def normed(x: Tensor, number: int) -> Tensor:
        layer = f"batch_normalization_{number}" if number else "batch_normalization"
        factor = arrays[f"{layer}/gamma"] / (arrays[f"{layer}/moving_variance"] + 1e-3).sqrt()
        return (x.movedim(1, -1) - arrays[f"{layer}/moving_mean"]).mul(factor).movedim(-1, 1) + arrays[
            f"{layer}/beta"
        ].view(-1, *[1] * (x.dim() - 2))

    x, heard = normed(spectra[:, None], 0), []
    for kind, (frames, _) in enumerate(SHAPES):
        layer = f"conv2d_{kind}" if kind else "conv2d"
        padded = pad(x, (0, 0, (frames - 1) // 2, frames // 2))
        out = relu(conv2d(padded, arrays[f"{layer}/kernel"].permute(3, 2, 0, 1), arrays[f"{layer}/bias"]))
        heard.append(normed(out, kind + 1).amax(3))
    layers = [torch.cat(heard, 1)]
    for number in (5, 6, 7):
        kernel = arrays[f"conv2d_{number}/kernel"][:, :, 0].permute(2, 1, 0)
        out = normed(relu(conv1d(layers[-1], kernel, arrays[f"conv2d_{number}/bias"], padding=3)), number + 1)
        layers.append(out + (layers[-1] if number > 5 else 0))
    every = torch.cat(layers, 1)
    pooled = torch.stack([every.amax(2), every.mean(2)], 2).flatten(1)
    return relu(normed(pooled, 9) @ arrays["dense/kernel"] + arrays["dense/bias"])


def test_leaving_out_dead_filters_and_folding_normalisations_changes_nothing() -> None:
    arrays = made_up()
    spectra = torch.rand(1, FRAMES, 96, generator=torch.Generator().manual_seed(1))
    net = converted(arrays)
    assert len(net.state_dict()["first.0.filters.bias"]) == 136
    assert torch.allclose(net(spectra), whole(arrays, spectra), rtol=1e-3, atol=1e-3)
    assert float(whole(arrays, spectra).max()) > 0.1
