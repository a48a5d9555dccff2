"""Graphs of one ATen call, with torch's answers: what the tests of the lowerings are made of.

    case("aten.add.Tensor", X(B, 3), X(3), alpha=2)

`X` is an input, `W` a constant, `Size` a size that is only known at run time. What is complex goes in and out as real
and imaginary parts on a last axis. Symbolic shapes of results are found by
running the call on torch's meta device at two sets of large primes and recognising the sizes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from edge.manifest import Dimension, TensorSpec
from packager.capture.graph import Dtype, Graph, Node, Ref, Tensor
from packager.lower.driver import lower
from packager.lower.program import Program

B, S, T = "batch", "sequence", "tail"
"""The tail is a sequence without its first place."""
COMPLEX = "complex64"
SAMPLES: tuple[Mapping[str, int], ...] = ({B: 1, S: 4, T: 3}, {B: 3, S: 7, T: 6})
_PROBES: tuple[Mapping[str, int], ...] = ({B: 1009, S: 2003, T: 2002}, {B: 1013, S: 2029, T: 2028})
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "operator": operator.__dict__.__getitem__,
    "torch": torch.__dict__.__getitem__,
}


@dataclass(frozen=True)
class X:
    """An input: shape with symbols, dtype, and the range of its values (`values` are used as they are)."""

    shape: tuple[Dimension, ...]
    dtype: str = "float32"
    low: float = -2
    high: float = 2
    values: Any = None

    def __init__(
        self, *shape: Dimension, dtype: str = "float32", low: float = -2, high: float = 2, values: Any = None
    ) -> None:
        given = np.shape(values) if values is not None else shape
        for name, value in (("shape", given), ("dtype", dtype), ("low", low), ("high", high), ("values", values)):
            object.__setattr__(self, name, value)

    def draw(self, random: np.random.Generator, sizes: Mapping[str, int]) -> NDArray[Any]:
        shape = tuple(sizes[size] if isinstance(size, str) else size for size in self.shape)
        if self.values is not None:
            return np.array(self.values, self.dtype)
        if self.dtype == COMPLEX:
            return np.array(random.uniform(self.low, self.high, (*shape, 2)), "float32").view(self.dtype)[..., 0]
        if self.dtype == "bool":
            return np.array(random.random(shape) < 0.5)
        if self.dtype.startswith(("int", "uint")):
            return np.array(random.integers(int(self.low), int(self.high) + 1, shape), self.dtype)
        return np.array(random.uniform(self.low, self.high, shape), self.dtype)


class W(X):
    """A constant."""


@dataclass(frozen=True)
class Size:
    """`times` · the size `symbol`, as capture hands it over: `sym_size` and a product."""

    symbol: str
    times: int = 1


@dataclass(frozen=True)
class DType:
    """A dtype among the arguments."""

    name: str


@dataclass(frozen=True)
class Case:
    """One call. `results` picks those to compare; `cannot` says which hop fails, and why; `inputs` only give sizes."""

    op: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    results: tuple[int, ...] | None = None
    cannot: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[X, ...] = ()

    def __str__(self) -> str:
        return self.op

    def only(self, *results: int) -> Case:
        """The same case without the results that nobody reads."""
        return replace(self, results=results)

    def of(self, *inputs: X) -> Case:
        """The same case with inputs that only give sizes."""
        return replace(self, inputs=inputs)

    def but(self, **cannot: str) -> Case:
        """The same case with hops that cannot do it, and the reason."""
        return replace(
            self, cannot=dict(self.cannot) | {hop.replace("_", "-"): reason for hop, reason in cannot.items()}
        )


def case(op: str, *args: Any, **kwargs: Any) -> Case:
    return Case(op, args, kwargs)


@dataclass(frozen=True)
class OneNode:
    """The graph of a case, its constants, and samples with torch's answers by output name."""

    graph: Graph
    constants: Mapping[str, NDArray[Any]]
    feeds: tuple[Mapping[str, NDArray[Any]], ...]
    expected: tuple[Mapping[str, NDArray[Any]], ...]

    @cached_property
    def program(self) -> Program:
        return lower(self.graph, self.constants)


def one_node(case: Case, *, seed: int = 0) -> OneNode:
    """Build the graph of a case and ask torch."""
    random = np.random.default_rng(seed)
    inputs = [x for x in leaves((case.args, case.kwargs, case.inputs)) if isinstance(x, X) and not isinstance(x, W)]
    weights = [x for x in leaves((case.args, case.kwargs)) if isinstance(x, W)]
    names = {id(x): f"x{n}" for n, x in enumerate(inputs)} | {id(x): f"w{n}" for n, x in enumerate(weights)}
    fixed = {names[id(x)]: x.draw(random, {}) for x in weights}
    symbolic = any(isinstance(size, str) for x in inputs for size in x.shape)
    samples = SAMPLES if symbolic else SAMPLES[:1]
    feeds = [{names[id(x)]: x.draw(random, sizes) for x in inputs} for sizes in samples]

    def answers(sizes: Mapping[str, int], arrays: Mapping[str, NDArray[Any]], device: str) -> list[Any]:
        args, kwargs = _map(
            lambda leaf: _torch_value(leaf, names, sizes, arrays, device), (case.args, dict(case.kwargs))
        )
        found = _function(case.op)(*args, **kwargs)
        return list(found) if isinstance(found, tuple | list) else [found]

    expected = [answers(sizes, feed | fixed, "cpu") for sizes, feed in zip(samples, feeds, strict=True)]
    shapes = _shapes(case, answers, expected[0], symbolic=symbolic)
    chosen = range(len(shapes)) if case.results is None else case.results
    results = [f"y{n}" for n in range(len(shapes))]
    nodes, values = _size_nodes(case, inputs, names)
    paired = {names[id(x)] for x in inputs if x.dtype == COMPLEX}
    nodes += [Node("aten.view_as_complex.default", (Ref(_parts(name)),), {}, (name,)) for name in sorted(paired)]
    values |= {_parts(names[id(x)]): _real(Tensor(x.dtype, x.shape)) for x in inputs if x.dtype == COMPLEX}
    args, kwargs = _map(lambda leaf: _graph_value(leaf, names), (case.args, dict(case.kwargs)))
    nodes.append(Node(case.op, args, kwargs, tuple(results)))
    values |= {names[id(x)]: Tensor(x.dtype, x.shape) for x in (*inputs, *weights)}
    values |= dict(zip(results, shapes, strict=True))
    for n, shape in enumerate(shapes):
        if shape.dtype == COMPLEX:
            nodes.append(Node("aten.view_as_real.default", (Ref(results[n]),), {}, (_parts(results[n]),)))
            results[n], shapes[n] = _parts(results[n]), _real(shape)
            values[results[n]] = shapes[n]
    public = [f"out{n}" for n in chosen]
    graph = Graph(
        inputs=tuple(_spec(names[id(x)], x) for x in inputs),
        outputs=tuple(
            TensorSpec(name=name, dtype=_public(shapes[n].dtype), shape=shapes[n].shape or (1,))
            for n, name in zip(chosen, public, strict=True)
        ),
        results=tuple(results[n] for n in chosen),
        constants={name: f"key_{name}" for name in fixed},
        values=values,
        nodes=tuple(nodes),
    )
    wanted = tuple({name: _array(found[n]) for n, name in zip(chosen, public, strict=True)} for found in expected)
    given = tuple(
        {_parts(k) if k in paired else k: _array(torch.from_numpy(v)) for k, v in feed.items()} for feed in feeds
    )
    return OneNode(graph, {f"key_{name}": array for name, array in fixed.items()}, given, wanted)


def _spec(name: str, x: X) -> TensorSpec:
    tensor = Tensor(x.dtype, x.shape)
    if x.dtype == COMPLEX:
        name, tensor = _parts(name), _real(tensor)
    return TensorSpec(name=name, dtype=tensor.dtype, shape=tensor.shape)


def _parts(name: str) -> str:
    """The name of a complex value's real and imaginary parts."""
    return f"{name}_parts"


def _real(tensor: Tensor) -> Tensor:
    return Tensor("float32", (*tensor.shape, 2))


def _function(op: str) -> Callable[..., Any]:
    home, _, rest = op.partition(".")
    if home in _FUNCTIONS:
        return _FUNCTIONS[home](rest)  # type: ignore[no-any-return]
    name, _, overload = rest.rpartition(".")
    return getattr(getattr(torch.ops.aten, name), overload)  # type: ignore[no-any-return]


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _map(change: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _map(change, item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_map(change, item) for item in value)
    return change(value)


def _torch_value(
    leaf: Any, names: Mapping[int, str], sizes: Mapping[str, int], arrays: Mapping[str, NDArray[Any]], device: str
) -> Any:
    if isinstance(leaf, X):
        if device == "meta":
            shape = [sizes[size] if isinstance(size, str) else size for size in leaf.shape]
            return torch.empty(shape, dtype=getattr(torch, leaf.dtype), device="meta")
        return torch.from_numpy(arrays[names[id(leaf)]])
    if isinstance(leaf, Size):
        return sizes[leaf.symbol] * leaf.times
    return getattr(torch, leaf.name) if isinstance(leaf, DType) else leaf


def _graph_value(leaf: Any, names: Mapping[int, str]) -> Any:
    if isinstance(leaf, X):
        return Ref(names[id(leaf)])
    if isinstance(leaf, Size):
        return Ref(_size_name(leaf))
    return Dtype(leaf.name) if isinstance(leaf, DType) else leaf


def _size_name(size: Size) -> str:
    return f"size_{size.symbol}" if size.times == 1 else f"size_{size.symbol}_times_{size.times}"


def _size_nodes(case: Case, inputs: list[X], names: Mapping[int, str]) -> tuple[list[Node], dict[str, Tensor]]:
    nodes: dict[str, Node] = {}
    for size in (leaf for leaf in leaves((case.args, case.kwargs)) if isinstance(leaf, Size)):
        x = next(x for x in inputs if size.symbol in x.shape)
        one, name = f"size_{size.symbol}", _size_name(size)
        nodes[one] = Node("aten.sym_size.int", (Ref(names[id(x)]), x.shape.index(size.symbol)), {}, (one,))
        if size.times != 1:
            nodes[name] = Node("operator.mul", (Ref(one), size.times), {}, (name,))
    return list(nodes.values()), {name: Tensor("symint", ()) for name in nodes}


def _shapes(case: Case, answers: Callable[..., list[Any]], real: list[Any], *, symbolic: bool) -> list[Tensor]:
    if not symbolic or not any(isinstance(value, torch.Tensor) for value in real):
        return [Tensor(_dtype(value), tuple(getattr(value, "shape", ()))) for value in real]
    probes = [answers(sizes, {}, "meta") for sizes in _PROBES]
    return [
        Tensor(
            _dtype(value),
            tuple(_symbol(case, found) for found in zip(*(probe[n].shape for probe in probes), strict=True)),
        )
        for n, value in enumerate(real)
    ]


def _symbol(case: Case, found: tuple[int, ...]) -> Dimension:
    """The expression whose value was found at each of the probes."""
    if len(set(found)) == 1:
        return found[0]
    for symbol in (B, S):
        times, rest = divmod(found[0], _PROBES[0][symbol])
        for factor, offset in ((times, rest), (times + 1, rest - _PROBES[0][symbol])):
            if all(value == factor * sizes[symbol] + offset for value, sizes in zip(found, _PROBES, strict=True)):
                return (symbol if factor == 1 else f"{factor}*{symbol}") + (f"{offset:+d}" if offset else "")
    times = found[0] // (_PROBES[0][B] * _PROBES[0][S])
    if all(value == times * sizes[B] * sizes[S] for value, sizes in zip(found, _PROBES, strict=True)):
        return f"{times}*{B}*{S}"
    half = [found[n] - sizes[S] // 2 for n, sizes in enumerate(_PROBES)]
    return f"({S}//2){half[0]:+d}" if half[0] == half[1] else f"unknown_{case.op}_{found[0]}"


def _dtype(value: Any) -> str:
    return str(value.dtype).removeprefix("torch.") if isinstance(value, torch.Tensor) else "symint"


def _public(dtype: str) -> str:
    return "int32" if dtype == "symint" else dtype


def _array(value: Any) -> NDArray[Any]:
    value = torch.view_as_real(value) if isinstance(value, torch.Tensor) and value.is_complex() else value
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.array(value, "int32")
    return array.reshape(array.shape or (1,))
