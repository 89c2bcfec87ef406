"""Compute linear layers in eight bits, where that is faster on this processor and the net answers as before.

Written on torch's integer product of plain tensors: torch.ao.quantization and its tensor types are deprecated, and
torchao gains nothing unless it is compiled, which needs a compiler at run time (figures in docs/architecture.md).
"""

import copy
from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor, nn

COSINE, GAIN = 0.99, 1.1  # what the answers must keep, and what the change must bring to be worth it
_ROUNDS = 5

Answer = Callable[[nn.Module, Tensor], Tensor]  # net and inputs -> logits [n, labels]


class Int8Linear(nn.Module):
    """Compute a linear layer in eight bits, with a scale for each output and one for each row of the input."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach()
        self.scale = _scale(weight)[:, 0]
        self.weight = _eight_bits(weight, self.scale[:, None]).t()
        self.bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, x: Tensor) -> Tensor:
        """Map x [..., inputs] to [..., outputs], in float32; each row's scale is measured as it comes."""
        rows = x.flatten(0, -2)
        scale = _scale(rows)
        y = torch._int_mm(_eight_bits(rows, scale), self.weight) * scale * self.scale
        if self.bias is not None:
            y += self.bias
        answer: Tensor = y.unflatten(0, x.shape[:-1])
        return answer


def _scale(rows: Tensor) -> Tensor:
    """Return the scales [n, 1] by which rows [n, values] are divided, so that their largest value becomes 127."""
    return rows.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127


def _eight_bits(rows: Tensor, scale: Tensor) -> Tensor:
    return (rows / scale).round_().to(torch.int8)


def quantised(net: nn.Module) -> nn.Module:
    """Copy a net with every plain linear layer in eight bits (layers of derived classes may be used otherwise)."""
    changed = copy.deepcopy(net)
    for parent in list(changed.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear:
                setattr(parent, name, Int8Linear(child))
    return changed


@torch.inference_mode()
def quantised_if_faster(net: nn.Module, answer: Answer, inputs: Tensor) -> nn.Module:
    """Return a copy in eight bits if it is GAIN times as fast and answers alike, else the net itself.

    Measured on `inputs`, some examples: the cosine of the logits, each answer's mean taken off (softmax does not see
    it), and the shortest of a few alternating runs on the first example. A net that reaches into its linear layers
    cannot be changed and is kept.
    """
    changed = quantised(net)
    try:
        a, b = (_centred(answer(each, inputs)) for each in (net, changed))
    except (AttributeError, RuntimeError, TypeError):
        return net
    if not (torch.cosine_similarity(a, b) >= COSINE).all():
        return net
    times = [(_seconds(answer, net, inputs), _seconds(answer, changed, inputs)) for _ in range(_ROUNDS)]
    before, after = (min(column) for column in zip(*times, strict=True))
    return changed if before >= GAIN * after else net


def _centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(1, keepdim=True)


def _seconds(answer: Answer, net: nn.Module, inputs: Tensor) -> float:
    start = perf_counter()
    answer(net, inputs[:1])
    return perf_counter() - start
