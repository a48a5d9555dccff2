"""Which operators of a Paddle program static int8 takes, and why it leaves others in float.

Paddle Lite 2.13 has int8 kernels on arm for convolutions and for products with a weight (lite/kernels/arm, kernels
registered with kInt8). Everything between them runs in float.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from packager.emit.framework_proto import program_class
from packager.lower.program import Op, Program

WEIGHT = {"conv2d": "Filter", "depthwise_conv2d": "Filter", "mul": "Y"}
"""Type of operator to the slot of its weight."""

ACTIVATION = {"conv2d": "Input", "depthwise_conv2d": "Input", "mul": "X"}
RANK = {"conv2d": 4, "depthwise_conv2d": 4, "mul": 2}

CHOSEN = "chosen to stay in float"
SHARED = "shares its weight with an operator that stays in float"
UNBIASED = "Paddle Lite's int8 product without a bias has no int8 result"
COMPUTED = "its weight is computed"
PLAIN = "a matmul_v2, whose int8 kernel was never run on arm"
TRANSPOSED = "a transposed convolution, whose int8 kernel was never run on arm"

SKIP = ("op_namescope", 2, "skip_quant")
"""The attribute by which Paddle's quantisation passes over an operator: name, AttrType string, value."""


@dataclass(frozen=True)
class Layer:
    """An operator that static int8 takes: its output, its input and its weight, all by variable."""

    name: str
    type: str
    activation: str
    weight: str

    @property
    def axis(self) -> int:
        """Along which the weight has a scale for each of its output channels."""
        return 1 if self.type == "mul" else 0


@dataclass(frozen=True)
class Choice:
    """What becomes int8, in the order of the program, and why each other operator of these types does not."""

    layers: tuple[Layer, ...]
    floats: Mapping[str, str]


def choose_layers(program: Program, floats: Collection[str] = (), *, reason: str = CHOSEN) -> Choice:
    """`floats` are outputs of operators that are to stay in float.

    An operator joins them where its weight is read in float, too: there is one copy of it in the file.
    """
    left = dict.fromkeys(floats, reason)
    candidates = {name: op for op in program.ops if op.type in WEIGHT for name in _outputs(op)[:1]}
    computed = {spec.name for spec in program.inputs} | {name for op in program.ops for name in _outputs(op)}
    readers = _readers(program)
    others = {name: why for op in program.ops if (why := _why_not(op, computed)) for name in _outputs(op)[:1]}
    left |= {name: COMPUTED for name, op in candidates.items() if not _has_weight(program, op, computed)}
    while True:
        more = dict(_more(candidates, readers, left))
        if not more:
            break
        left |= more
    layers = tuple(
        Layer(name, op.type, op.inputs[ACTIVATION[op.type]][0], op.inputs[WEIGHT[op.type]][0])
        for name, op in candidates.items()
        if name not in left
    )
    return Choice(layers, {name: left[name] for name in candidates if name in left} | others)


def mark_floats(model: bytes, floats: Collection[str]) -> bytes:
    """A `.pdmodel` in which Paddle's quantisation passes over the operators with these outputs."""
    desc = program_class().FromString(model)
    name, kind, value = SKIP
    for op in desc.blocks[0].ops:
        if any(argument in floats for slot in op.outputs for argument in slot.arguments):
            kept = [attribute for attribute in op.attrs if attribute.name != name]
            del op.attrs[:]
            op.attrs.extend(kept)
            op.attrs.add(name=name, type=kind, s=value)
    return bytes(desc.SerializeToString())


def _more(
    candidates: Mapping[str, Op], readers: Mapping[str, list[Op]], left: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    quantised = {name for name in candidates if name not in left}
    for name in sorted(quantised):
        op = candidates[name]
        weight = op.inputs[WEIGHT[op.type]][0]
        if any(_outputs(other)[0] not in quantised for other in readers[weight]):
            yield name, SHARED
        elif op.type == "mul" and readers[name] and all(_outputs(one)[0] in quantised for one in readers[name]):
            yield name, UNBIASED


def _why_not(op: Op, computed: Collection[str]) -> str:
    """Of operators with a weight that we never take."""
    if op.type == "matmul_v2" and op.inputs["Y"][0] not in computed:
        return PLAIN
    return TRANSPOSED if op.type.endswith("conv2d_transpose") else ""


def _has_weight(program: Program, op: Op, computed: Collection[str]) -> bool:
    (weight,) = op.inputs[WEIGHT[op.type]]
    (activation,) = op.inputs[ACTIVATION[op.type]]
    return weight not in computed and activation in computed and program.variables[weight].rank == RANK[op.type]


def _readers(program: Program) -> dict[str, list[Op]]:
    readers: dict[str, list[Op]] = defaultdict(list)
    for op in program.ops:
        for names in op.inputs.values():
            for name in names:
                readers[name].append(op)
    return readers


def _outputs(op: Op) -> list[str]:
    return [name for names in op.outputs.values() for name in names]
