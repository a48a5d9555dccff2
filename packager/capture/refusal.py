"""Why torch.export refused, in one line: what stood in the way, and in which layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from torch import nn
from torch._subclasses.fake_tensor import FakeTensorDeviceMismatchError
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from packager.capture.translate import first_line

VIOLATED = re.compile(r"Constraints violated \(([^)]*)\)")


def refusal(error: BaseException, network: nn.Module) -> str:
    """One line for an exception that ended the export of `network`, or of a module around it."""
    causes = list(_causes(error))
    place = next((found for one in causes if (found := _place(one, network))), "")
    if branches_on_values(error):
        return f"it branches on values that only a run can tell{place}"
    fixed = VIOLATED.search(str(error))
    if fixed:
        return f"its code is for one size of {fixed[1]} only{place}"
    return f"{first_line(error)}{place}"


def branches_on_values(error: BaseException) -> bool:
    """Whether the network's code takes one way or another by what a tensor holds."""
    return any(isinstance(one, GuardOnDataDependentSymNode) for one in _causes(error))


def mixes_devices(error: BaseException) -> bool:
    """Whether the network makes tensors of its own on another device: on the meta device that says nothing about it."""
    return any(isinstance(one, FakeTensorDeviceMismatchError) for one in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception that was first, then those that were raised while it was handled."""
    if below := error.__cause__ or error.__context__:
        yield from _causes(below)
    yield error


def _place(error: BaseException, network: nn.Module) -> str:
    """The innermost layer whose code was running, with its line; empty where none was."""
    names = {id(layer): name for name, layer in network.named_modules()}
    place, trace = "", error.__traceback__
    while trace is not None:
        layer = names.get(id(trace.tb_frame.f_locals.get("self")))
        if layer is not None and _is_forward(trace.tb_frame):
            file = Path(trace.tb_frame.f_code.co_filename).name
            place = f", in {layer or 'the top level'} ({file}:{trace.tb_lineno})"
        trace = trace.tb_next
    return place


def _is_forward(frame: FrameType) -> bool:
    """Not torch's own frames around every call of a layer."""
    return Path(frame.f_code.co_filename).parent.name != "modules"
