"""Reads a `.pdmodel` into our Program, without Paddle: a foreign model can be judged like one of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from edge.manifest import TensorSpec
from packager.emit.framework_proto import ATTRIBUTE_FIELDS, DENSE_TENSOR, program_class
from packager.errors import SourceError
from packager.lower.builder import DTYPE_CODES
from packager.lower.program import Op, Program, Var

DTYPES = {code: name for name, code in DTYPE_CODES.items()}
REMEDY = "fetch the model again"
ONE_BLOCK = "export it again, without loops and branches"
# Marks of the training framework, of no meaning to an inference.
MARKS = frozenset({"op_callstack", "op_role", "op_role_var", "op_namescope", "op_device", "with_quant_attr"})


def read_model(path: Path) -> Program:
    """The program of a model file, without its parameters' values.

    Unknown sizes are symbols: the first axis is `batch`, others are named by their place. Raises SourceError where the
    file is no ProgramDesc of one block.
    """
    try:
        desc = program_class().FromString(path.read_bytes())
    except DecodeError as error:
        raise SourceError(f"{path.name} is not a Paddle inference model", remedy=REMEDY) from error
    if len(desc.blocks) != 1:
        raise SourceError(f"{path.name} has {len(desc.blocks)} blocks, not one", remedy=ONE_BLOCK)
    block = desc.blocks[0]
    tensors = {var.name: _variable(var) for var in block.vars if var.type.type == DENSE_TENSOR}
    ops = [_operator(op) for op in block.ops]
    body = tuple(op for op in ops if op.type not in ("feed", "fetch"))
    used: set[Any] = {
        name for op in body for slots in (op.inputs, op.outputs) for names in slots.values() for name in names
    }
    # A name that is not UTF-8 comes as bytes, which no variable has.
    missing = sorted(str(name) for name in used if name not in tensors)
    if missing:
        raise SourceError(f"{path.name} is damaged: it does not describe {', '.join(missing[:5])}", remedy=REMEDY)
    try:
        feeds = {op.attrs["col"]: tensors[op.outputs["Out"][0]] for op in ops if op.type == "feed"}
        fetches = {op.attrs["col"]: tensors[op.inputs["X"][0]] for op in ops if op.type == "fetch"}
        inputs, outputs = (tuple(_spec(ends[column]) for column in sorted(ends)) for ends in (feeds, fetches))
    except (KeyError, TypeError) as error:
        raise SourceError(f"{path.name} is damaged: its inputs and outputs cannot be told", remedy=REMEDY) from error
    if not outputs:
        raise SourceError(f"{path.name} has no output", remedy=REMEDY)
    return Program(inputs, outputs, tensors, {}, body)


def _variable(var: Any) -> Var:
    tensor = var.type.dense_tensor.tensor
    if tensor.data_type not in DTYPES:
        raise SourceError(f"the variable {var.name} has the unknown type {tensor.data_type}", remedy=REMEDY)
    return Var(var.name, DTYPES[tensor.data_type], tuple(tensor.dims))


def _operator(op: Any) -> Op:
    inputs, outputs = (
        {slot.parameter: tuple(slot.arguments) for slot in slots if slot.arguments} for slots in (op.inputs, op.outputs)
    )
    attributes = {
        attribute.name: _value(getattr(attribute, ATTRIBUTE_FIELDS[attribute.type]))
        for attribute in op.attrs
        if attribute.type in ATTRIBUTE_FIELDS and attribute.name not in MARKS
    }
    return Op(op.type, inputs, outputs, attributes)


def _value(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else tuple(value)


def _spec(var: Var) -> TensorSpec:
    shape = tuple(
        size if isinstance(size, int) and size >= 0 else "batch" if axis == 0 else f"axis{axis}"
        for axis, size in enumerate(var.shape)
    )
    return TensorSpec(name=var.name, dtype=var.dtype, shape=shape)
