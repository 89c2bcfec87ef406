"""Average the weights of a net over the steps of its training."""

from timm.utils.model_ema import ModelEmaV3
from torch import nn

_WARM_UP = 10  # steps until the decay is one half


def moving_average(net: nn.Module, decay: float = 0.998) -> ModelEmaV3:
    """Return an exponential moving average of a net's weights and running statistics, steadier than the last step.

    After each step k = 1, 2, ... call `update(net, step=k)`. The decay is k / (k + 10), at most `decay`, so that the
    start is forgotten. Integer buffers are copied. The averaged net, in eval mode, is `module`.
    """
    return ModelEmaV3(
        net, decay, update_after_step=-1, use_warmup=True, warmup_gamma=_WARM_UP, warmup_power=1
    )
