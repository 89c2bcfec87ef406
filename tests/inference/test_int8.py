"""Eight bits are taken where they are faster and change no answer, and nowhere else."""

import time

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from inference.int8 import COSINE, Answer, Int8Linear, quantised, quantised_if_faster


def net() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(48, 32), nn.GELU(), nn.Linear(32, 7, bias=False))


def examples(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(2))


def delayed(kind: type[nn.Module]) -> Answer:
    """Answers of nets that hold such a layer take 10 ms longer."""

    def answer(model: nn.Module, x: Tensor) -> Tensor:
        if any(type(layer) is kind for layer in model.modules()):
            time.sleep(0.01)
        logits: Tensor = model(x)
        return logits

    return answer


@pytest.mark.parametrize("shape", [(1, 48), (5, 48), (2, 3, 4, 48)])
def test_answers_are_alike_for_inputs_of_any_shape(shape: tuple[int, ...]) -> None:
    whole, x = net(), examples(*shape)
    with torch.inference_mode():
        a, b = whole(x), quantised(whole)(x)
    assert a.shape == b.shape
    assert torch.cosine_similarity(a, b, dim=-1).min() > COSINE
    assert type(whole[0]) is nn.Linear  # the net itself is left as it was


def test_an_input_of_nothing_but_zeros_gives_the_bias() -> None:
    layer = nn.Linear(48, 7)
    assert torch.equal(Int8Linear(layer)(torch.zeros(1, 48))[0], layer.bias)


def test_what_is_faster_and_alike_is_taken() -> None:
    taken = quantised_if_faster(net(), delayed(nn.Linear), examples(4, 48))
    assert any(isinstance(layer, Int8Linear) for layer in taken.modules())


def test_what_is_slower_is_not_taken() -> None:
    whole = net()
    assert quantised_if_faster(whole, delayed(Int8Linear), examples(4, 48)) is whole


def test_what_answers_otherwise_is_not_taken() -> None:
    whole, x = net(), examples(4, 48)
    x[:, 0] = (
        1e5  # beside it, the rest of the row is nothing in eight bits; the whole net does not look at it
    )
    with torch.no_grad():
        next(whole.parameters())[:, 0] = 0
    assert quantised_if_faster(whole, delayed(nn.Linear), x) is whole


class Reaching(nn.Module):
    """Uses the weights of its layer, not the layer, as attention often does."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(48, 7)

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.layer.weight)


def test_a_net_that_cannot_be_changed_is_kept() -> None:
    whole = Reaching()
    assert quantised_if_faster(whole, delayed(nn.Linear), examples(4, 48)) is whole


def test_attention_goes_on_working() -> None:
    attention = quantised(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True).eval())
    assert attention(examples(2, 5, 16)).shape == (2, 5, 16)
