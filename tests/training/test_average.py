"""The average of weights forgets its start and keeps what cannot be averaged."""

import pytest
import torch
from torch import nn

from training.average import moving_average


class Counting(nn.Module):
    """A weight, a running statistic and a count."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))
        self.statistic = nn.Buffer(torch.zeros(2))
        self.count = nn.Buffer(torch.tensor(0))

    def become(self, step: int) -> None:
        with torch.no_grad():
            self.weight.fill_(step**2)
        self.statistic.fill_(-step)
        self.count.fill_(step)


@pytest.mark.parametrize("decay", [0.3, 0.998])
def test_weights_and_statistics_move_by_a_decay_that_warms_up(decay: float) -> None:
    net = Counting()
    average = moving_average(net, decay)
    weight = statistic = 0.0
    for step in range(1, 9):
        net.become(step)
        average.update(net, step=step)
        kept = min(decay, step / (step + 10))
        weight, statistic = (
            kept * old + (1 - kept) * new for old, new in ((weight, step**2), (statistic, -step))
        )
        assert average.module.weight.tolist() == pytest.approx([weight] * 2, rel=1e-5)
        assert average.module.statistic.tolist() == pytest.approx([statistic] * 2, rel=1e-5)
        assert average.module.count.item() == step


def test_the_average_is_a_copy_that_stands_still_and_is_not_in_training() -> None:
    net = Counting().train()
    average = moving_average(net)
    net.become(3)
    assert average.module.weight.tolist() == [0, 0]
    assert (net.training, average.module.training) == (True, False)
