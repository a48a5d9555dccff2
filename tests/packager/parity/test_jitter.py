from __future__ import annotations

import torch
from torch import nn

from packager.parity.jitter import jitter


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.linear = nn.Linear(4, 4)
        self.along = nn.Conv1d(32, 32, 1, groups=2)
        self.token = nn.Parameter(torch.zeros(1, 1, 4))
        self.bias_table = nn.Parameter(torch.randn(9, 2) * 1e-3)


def states(seed: int) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    torch.manual_seed(0)
    net = Net()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    jitter(net, seed)
    return before, net.state_dict()


def test_everything_that_starts_constant_moves_and_the_rest_stays() -> None:
    before, after = states(1)
    same = {name for name, value in after.items() if torch.equal(value, before[name])}
    assert same == {"norm.num_batches_tracked"}
    assert after["linear.weight"].std() > 0.99 * 4**-0.5
    assert after["along.weight"].std() > 0.99 * 16**-0.5
    assert after["bias_table"].std() > 0.05
    assert 0.5 <= after["norm.running_var"].min() <= after["norm.running_var"].max() <= 1.5


def test_the_seed_decides() -> None:
    first, again, other = states(1)[1], states(1)[1], states(2)[1]
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["token"], other["token"])
