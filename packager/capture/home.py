"""Where a lowering that is missing would be added."""

from __future__ import annotations

import torch

from packager.lower.registry import lowerings

FOLDER = "packager/lower/operators"


def home(op: str) -> str:
    """The file for a lowering of `op` (`aten.rand.default`): where its other overloads are, else what torch says of it.

    Where neither tells, it is the folder, for a family of its own.
    """
    namespace, name, overload, *_ = (*op.split("."), "", "")
    beside = [one.function.__module__ for known, one in lowerings().items() if known.split(".")[1:2] == [name]]
    if beside:
        return f"{FOLDER}/{beside[0].rpartition('.')[2]}.py"
    found = getattr(getattr(getattr(torch.ops, namespace, None), name, None), overload, None)
    if not isinstance(found, torch._ops.OpOverload):  # noqa: SLF001 (torch has no public name for it)
        return f"{FOLDER}/"
    family = _family(found)
    return f"{FOLDER}/{family}.py" if family else f"{FOLDER}/"


def _family(op: torch._ops.OpOverload) -> str:
    if torch.Tag.pointwise in op.tags:
        return "elementwise"
    if torch.Tag.reduction in op.tags:
        return "reduction"
    # Random numbers above all: they may be shaped like a tensor, and read nothing of it.
    made = torch.Tag.nondeterministic_seeded in op.tags
    return "create" if made or not any("Tensor" in str(one.type) for one in op._schema.arguments) else ""  # noqa: SLF001
