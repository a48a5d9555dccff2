"""Builds Paddle's legacy ProgramDesc from our Program; needs Paddle.

The C++ descriptions are written directly: Paddle's Python `Operator` would store the call stack, with this machine's
paths, in every operator. Paddle's own shape inference runs over each operator and refuses what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from packager.errors import ToolError
from packager.lower.builder import DTYPE_CODES
from packager.lower.program import Op, Program, Var


def serialise(program: Program) -> bytes:
    """The bytes of a `.pdmodel` with feed and fetch operators.

    Raises ToolError naming the operator that Paddle refuses.
    """
    from paddle.base import core

    desc = core.ProgramDesc()
    desc._set_version()  # noqa: SLF001 (Paddle has no public name for it)
    block = desc.block(0)
    _declare(block, "feed", core.VarDesc.VarType.FEED_MINIBATCH, persistable=True)
    _declare(block, "fetch", core.VarDesc.VarType.FETCH_LIST, persistable=True)
    for var in program.variables.values():
        _declare_tensor(block, var, persistable=var.name in program.constants)
    for column, spec in enumerate(program.inputs):
        block.find_var(spec.name.encode()).set_need_check_feed(True)
        _append(block, Op("feed", {"X": ("feed",)}, {"Out": (spec.name,)}, {"col": column}), program)
    for op in program.ops:
        _append(block, op, program)
    for column, spec in enumerate(program.outputs):
        _append(block, Op("fetch", {"X": (spec.name,)}, {"Out": ("fetch",)}, {"col": column}), program)
    core.save_op_version_info(desc)
    return bytes(desc.serialize_to_string())


def _declare(block: Any, name: str, kind: Any, *, persistable: bool) -> Any:
    var = block.var(name.encode())
    var.set_type(kind)
    var.set_persistable(persistable)
    return var


def _declare_tensor(block: Any, var: Var, *, persistable: bool) -> None:
    from paddle.base import core

    desc = _declare(block, var.name, core.VarDesc.VarType.DENSE_TENSOR, persistable=persistable)
    desc.set_dtype(core.VarDesc.VarType(DTYPE_CODES[var.dtype]))
    desc.set_shape([-1 if isinstance(size, str) else size for size in var.shape])


def _append(block: Any, op: Op, program: Program) -> None:
    where = f"{op.type} ({next((name for names in op.outputs.values() for name in names), 'no output')})"
    try:
        desc = block.append_op()
        desc.set_type(op.type)
        attribute_types = {} if op.type in ("feed", "fetch") else _check_names(op, where)
        for slot, names in op.inputs.items():
            desc.set_input(slot, list(names))
        for slot, names in op.outputs.items():
            desc.set_output(slot, list(names))
        for name, value in op.attrs.items():
            _set_attribute(desc, name, value, attribute_types.get(name))
        desc.check_attrs()
        if op.type not in ("feed", "fetch"):
            desc.infer_var_type(block)
            desc.infer_shape(block)
        _narrow_axes(desc, op)
    except ToolError:
        raise
    except Exception as error:  # Paddle's C++ raises nearly every builtin type
        raise ToolError(f"Paddle refuses the operator {where}: {_summary(error)}") from error
    _check_dtypes(block, op, where, program)


def _check_names(op: Op, where: str) -> dict[str, Any]:
    """Refuse slots that the operator does not have; return the types of its attributes."""
    from paddle.base import framework

    proto = framework.OpProtoHolder.instance().get_op_proto(op.type)
    for given, known in ((op.inputs, proto.inputs), (op.outputs, proto.outputs)):
        unknown = sorted(set(given) - {slot.name for slot in known})
        if unknown:
            raise ToolError(f"the operator {where} has no slot {unknown[0]}; it has {[slot.name for slot in known]}")
    return {attribute.name: attribute.type for attribute in proto.attrs}


def _check_dtypes(block: Any, op: Op, where: str, program: Program) -> None:
    for slot, names in op.outputs.items():
        for name in names:
            var = program.variables.get(name)
            if var is None or slot in ("XShape", "Mean", "Variance"):
                continue
            inferred = int(block.find_var(name.encode()).dtype())
            if inferred != DTYPE_CODES[var.dtype]:
                raise ToolError(f"{where} was declared {var.dtype}, Paddle infers the type {inferred} (VarType.Type)")


def _set_attribute(desc: Any, name: str, value: Any, kind: Any) -> None:
    """Set an attribute with the type that the operator declares; one it does not declare keeps Python's type."""
    from paddle.base import core

    kinds = core.AttrType
    setters: dict[Any, tuple[str, Callable[[Any], Any]]] = {
        kinds.BOOL: ("_set_bool_attr", bool), kinds.BOOLS: ("_set_bools_attr", _list_of(bool)),
        kinds.INT: ("_set_int32_attr", int), kinds.INTS: ("_set_int32s_attr", _list_of(int)),
        kinds.LONG: ("_set_int64_attr", int), kinds.LONGS: ("_set_int64s_attr", _list_of(int)),
        kinds.FLOAT: ("_set_float32_attr", float), kinds.FLOATS: ("_set_float32s_attr", _list_of(float)),
        kinds.FLOAT64: ("_set_float64_attr", float), kinds.FLOAT64S: ("_set_float64s_attr", _list_of(float)),
        kinds.STRING: ("_set_str_attr", str), kinds.STRINGS: ("_set_strs_attr", _list_of(str)),
    }  # fmt: skip
    setter, convert = setters.get(kind, ("_set_attr", lambda given: list(given) if isinstance(given, tuple) else given))
    getattr(desc, setter)(name, convert(value))


def _narrow_axes(desc: Any, op: Op) -> None:
    """The axes of `reduce_any` and `reduce_all` as int32: Paddle reads both, Paddle Lite only those.

    Last of all, because Paddle's own check widens them.
    """
    if op.type in ("reduce_any", "reduce_all"):
        desc._set_int32s_attr("dim", list(op.attrs["dim"]))  # noqa: SLF001 (Paddle has no public name for it)


def _list_of(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: [kind(value) for value in values]


def _summary(error: Exception) -> str:
    """Paddle's message without its C++ call stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if "Error:" in line or line.startswith("[Hint")]
    return " ".join(told or lines[-2:])
