"""The weights for a program that was traced without them.

A program traced on the meta device names its parameters and buffers as the loaded network does, so that one trace is
enough: half of a capture's time. Where the loaded network has not what the program reads, it is traced again.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.export import ExportedProgram


def rebound(program: ExportedProgram, traced: nn.Module, loaded: nn.Module) -> dict[str, Tensor] | None:
    """The value of every parameter, buffer and constant that `program`, the trace of `traced`, reads, from `loaded`.

    None where one has no value (a tensor that is no buffer, made on the meta device), or where `traced` shares
    parameters that `loaded` keeps apart.
    """
    if not _share_alike(traced, loaded):
        return None
    signature = program.graph_signature
    values = tensors(loaded)
    names = (*signature.inputs_to_parameters.values(), *signature.inputs_to_buffers.values())
    lifted = signature.inputs_to_lifted_tensor_constants.values()
    held = {name: values[name] for name in names if name in values}
    held |= {name: program.constants[name] for name in lifted}
    complete = len(held) == len({*names, *lifted})
    return held if complete and not any(one.is_meta for one in held.values()) else None


def tensors(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers by qualified name, shared ones under each of their names."""
    return {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }


def _share_alike(traced: nn.Module, loaded: nn.Module) -> bool:
    """Whether what is one tensor in `traced` is one in `loaded`; a trace keeps one name of each."""
    values: Mapping[str, Tensor] = tensors(loaded)
    first: dict[int, str] = {}
    for name, tensor in tensors(traced).items():
        other = first.setdefault(id(tensor), name)
        if values.get(name) is not values.get(other):
            return False
    return True
