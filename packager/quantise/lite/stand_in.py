"""A program in float that computes what the int8 one does, for engines whose int8 kernels are missing or wrong.

Before every layer its input is cut off at 127 steps, divided into them, rounded and multiplied again; its weight is one
that was rounded. A product of such numbers is the int8 product times both steps, up to the rounding of float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.emit.framework_proto import DENSE_TENSOR, program_class
from packager.lower.builder import DTYPE_CODES
from packager.quantise.lite.layers import Layer
from packager.quantise.lite.ranges import LEVELS

FLOAT, BOOL = 1, 6
"""Paddle's AttrType."""
SUFFIX = ".stepped"


def stand_in(model: bytes, layers: Sequence[Layer], ranges: Mapping[str, float]) -> bytes:
    """The `.pdmodel` whose layers read rounded inputs; `ranges` are by the variable that a layer reads."""
    desc = program_class().FromString(model)
    block = desc.blocks[0]
    by_name = {layer.name: layer for layer in layers}
    shapes = {var.name: var for var in block.vars}
    ops, made = list(block.ops), set[str]()
    del block.ops[:]
    for op in ops:
        layer = next((by_name[name] for slot in op.outputs for name in slot.arguments if name in by_name), None)
        if layer is not None:
            source = layer.activation
            if source not in made:
                _append_rounding(block, source, ranges[source] / LEVELS, shapes[source])
                made.add(source)
            for slot in op.inputs:
                slot.arguments[:] = [source + SUFFIX if name == source else name for name in slot.arguments]
        block.ops.append(op)
    return bytes(desc.SerializeToString())


def rounded_weights(
    constants: Mapping[str, NDArray[np.generic]], layers: Sequence[Layer]
) -> dict[str, NDArray[np.generic]]:
    """All constants; those of layers are what int8 with a scale for each output channel leaves of them."""
    result = dict(constants)
    for layer in layers:
        weight = np.asarray(constants[layer.weight], np.float32)
        others = tuple(axis for axis in range(weight.ndim) if axis != layer.axis)
        steps = np.abs(weight).max(axis=others, keepdims=True) / np.float32(LEVELS)
        whole = np.rint(np.divide(weight, steps, out=np.zeros_like(weight), where=steps > 0))
        result[layer.weight] = (whole * steps).astype(np.float32)
    return result


def _append_rounding(block: Any, source: str, step: float, like: Any) -> None:
    chain: list[tuple[str, dict[str, tuple[int, Any]]]] = [
        # First, since Paddle Lite folds a scale that comes before into the convolution in front of relu6.
        ("clip", {"min": (FLOAT, -LEVELS * step), "max": (FLOAT, LEVELS * step)}),
        ("scale", _affine(1 / step)),
        ("round", {}),
        ("scale", _affine(step)),
    ]
    x = source
    for number, (kind, attrs) in enumerate(chain, 1):
        out = source + SUFFIX if number == len(chain) else f"{source}{SUFFIX}.{number}"
        var = block.vars.add(name=out, persistable=False)
        var.type.type = DENSE_TENSOR
        var.type.dense_tensor.tensor.data_type = DTYPE_CODES["float32"]
        var.type.dense_tensor.tensor.dims.extend(like.type.dense_tensor.tensor.dims)
        op = block.ops.add(type=kind)
        op.inputs.add(parameter="X").arguments.append(x)
        op.outputs.add(parameter="Out").arguments.append(out)
        for name, (of, value) in attrs.items():
            op.attrs.add(name=name, type=of, **{"f" if of == FLOAT else "b": value})
        x = out


def _affine(factor: float) -> dict[str, tuple[int, Any]]:
    return {"scale": (FLOAT, factor), "bias": (FLOAT, 0.0), "bias_after_scale": (BOOL, True)}
