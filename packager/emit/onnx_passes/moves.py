"""A chain of operators that only moves features about becomes one `Gather` of rows of them.

Why: the windows of Swin are rolled, cut and merged by up to four operators that each copy every feature, some of them
in one thread; a `Gather` copies once, in all threads. Source: the schemas of these operators in ONNX opset 17.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

Numbers = NDArray[Any]
WORTH = 2
"""Copies that a `Gather` is better than; a `Transpose` counts for two, since it copies in one thread."""
NARROWEST = 32
"""Floats of a row: shorter ones cost more to find than to copy."""
BATCHES = (2, 3)
"""What keeps the items of a batch apart does so for any batch; two are looked at, so that no size fits by chance."""
LARGEST = 1 << 22
"""Floats of an item: the places of more would take long to follow."""


@dataclass(frozen=True)
class _Moved:
    """Of a value: the one it is made of, the size of an item of that, in how many copies, and where its numbers were.

    `places` are the value's indices into the flat source, for each of BATCHES.
    """

    source: str
    size: int
    copies: int
    places: tuple[Numbers, ...]


def gather_moves(graph: GraphProto) -> None:
    """Replace chains of WORTH that take rows of one value, item by item, and chains that move nothing."""
    reading = Reading(graph)
    moved: dict[str, _Moved] = {}
    for node in graph.node:
        found = _follow(reading, moved, node)
        if found is not None:
            moved[node.output[0]] = found
    ends = {name for node in graph.node if node.output[0] not in moved for name in node.input}
    ends.update(output.name for output in graph.output)
    constants = _Constants(graph)
    made = {name: _gather(constants, found, name) for name, found in moved.items() if name in ends}
    replace_nodes(graph, {name: nodes for name, nodes in made.items() if nodes})


def _follow(reading: Reading, moved: Mapping[str, _Moved], node: NodeProto) -> _Moved | None:
    """What the node makes of what is known of its inputs."""
    if node.op_type != "Reshape" and node.op_type not in COPIES:
        return None
    given = [moved.get(name) for name in (node.input if node.op_type == "Concat" else node.input[:1])]
    known = [one for one in given if one is not None]
    if node.op_type == "Reshape" and not any(one.copies for one in known):
        return _begin(reading, node)
    if len(known) < len(given) or len({(one.source, one.size) for one in known}) > 1:
        return None
    move = COPIES.get(node.op_type, _reshape)
    copies = sum(one.copies for one in known) + (node.op_type in COPIES) + (node.op_type == "Transpose")
    try:
        places = tuple(move(reading, node, [one.places[at] for one in known]) for at in range(len(BATCHES)))
    except (ValueError, IndexError, LookupError):  # sizes that do not fit are of no such chain, or a size is computed
        return None
    return _Moved(known[0].source, known[0].size, copies, places)


def _begin(reading: Reading, node: NodeProto) -> _Moved | None:
    """A reshape to any number of items of one size; what was reshaped before it matters no more."""
    source = node.input[0]
    while source in reading.made and reading.made[source].op_type == "Reshape":
        source = reading.made[source].input[0]
    shape = _numbers(reading, node.input[1])
    if source in reading.weights or shape is None or len(shape) < 2 or shape[0] > 0 or min(shape[1:]) < 1:
        return None
    size = int(np.prod(shape[1:]))
    if size > LARGEST:
        return None
    return _Moved(source, size, 0, tuple(np.arange(batch * size).reshape(batch, *shape[1:]) for batch in BATCHES))


def _reshape(reading: Reading, node: NodeProto, given: list[Numbers]) -> Numbers:
    (shape,) = _how(reading, node)
    (x,) = given
    return x.reshape([x.shape[axis] if size == 0 else int(size) for axis, size in enumerate(shape)])


def _transpose(reading: Reading, node: NodeProto, given: list[Numbers]) -> Numbers:
    return np.transpose(given[0], reading.permutation(node) or None)


def _take(reading: Reading, node: NodeProto, given: list[Numbers]) -> Numbers:
    (rows,) = _how(reading, node)
    return given[0].take(rows, axis=reading.attribute(node, "axis", 0))


def _slice(reading: Reading, node: NodeProto, given: list[Numbers]) -> Numbers:
    (x,) = given
    index = [slice(None)] * x.ndim
    for start, end, axis, step in zip(*_how(reading, node), strict=True):
        index[axis] = slice(start, end, step)
    return x[tuple(index)]


def _concat(reading: Reading, node: NodeProto, given: list[Numbers]) -> Numbers:
    return np.concatenate(given, axis=reading.attribute(node, "axis", 0))


COPIES: Mapping[str, Callable[[Reading, NodeProto, list[Numbers]], Numbers]] = {
    "Transpose": _transpose,
    "Gather": _take,
    "Slice": _slice,
    "Concat": _concat,
}
"""What numpy makes of each."""


def _how(reading: Reading, node: NodeProto) -> list[Numbers]:
    """All inputs but the first; raises LookupError where one is computed."""
    found = [_numbers(reading, name) for name in node.input[1:]]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        raise LookupError(node.op_type)
    return known


def _numbers(reading: Reading, name: str) -> Numbers | None:
    """A list of whole numbers that is a constant."""
    found = reading.value(name) if len(reading.dims(name)) == 1 else None
    return found if found is not None and found.dtype.kind == "i" else None


def _gather(constants: _Constants, found: _Moved, name: str) -> list[NodeProto]:
    """What makes the value at once; nothing where that would not pay, or where items of a batch are mixed."""
    order = _order(found)
    if order is None:
        return []
    starts = np.flatnonzero(np.diff(order, prepend=-2) != 1)
    width = int(np.gcd.reduce([*starts, *order[starts], len(order), found.size]))
    shape = [one if one == other else -1 for one, other in zip(*(p.shape for p in found.places), strict=True)]
    last = constants.named(shape)
    if width == found.size == len(order):
        return [helper.make_node("Reshape", [found.source, last], [name])]
    if found.copies < WORTH or width < NARROWEST:
        return []
    items, rows = f"{name}.items", f"{name}.rows"
    return [
        helper.make_node("Reshape", [found.source, constants.named([-1, found.size // width, width])], [items]),
        helper.make_node("Gather", [items, constants.named(order[::width] // width)], [rows], axis=1),
        helper.make_node("Reshape", [rows, last], [name]),
    ]


def _order(found: _Moved) -> Numbers | None:
    """Which numbers of an item come one behind the other, if they are the same of every item."""
    order = found.places[0].reshape(-1)[: found.places[0].size // BATCHES[0]]
    for places, batch in zip(found.places, BATCHES, strict=True):
        if not np.array_equal(places.reshape(-1), (order + found.size * np.arange(batch)[:, None]).reshape(-1)):
            return None
    return order if order.size else None


class _Constants:
    """Lists of whole numbers, each kept once."""

    def __init__(self, graph: GraphProto) -> None:
        self._graph = graph
        self._names: dict[tuple[int, ...], str] = {}

    def named(self, numbers: Any) -> str:
        """The initializer that holds them."""
        key = tuple(int(one) for one in numbers)
        if key not in self._names:
            self._names[key] = f"moves.{len(self._names)}"
            self._graph.initializer.append(numpy_helper.from_array(np.array(key, np.int64), self._names[key]))
        return self._names[key]
