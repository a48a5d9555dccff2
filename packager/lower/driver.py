"""Walks a captured graph and lets each node's lowering emit its Paddle operators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.capture.graph import Dtype, Graph, Node, Ref, Tensor
from packager.errors import UnsupportedModelError
from packager.lower.builder import Builder
from packager.lower.complex import Complex
from packager.lower.program import Program, Var
from packager.lower.prune import prune
from packager.lower.registry import lookup


@dataclass(frozen=True)
class Lowered:
    """A program, and for every value of the graph the variable that holds it, where there is one."""

    program: Program
    variables: Mapping[str, str]


def lower(graph: Graph, constants: Mapping[str, NDArray[np.generic]]) -> Program:
    """The neutral Paddle program of a graph.

    `constants` holds the arrays by the graph's constant keys. The program's inputs and outputs carry the graph's public
    names. Raises UnsupportedModelError for an operator, or a use of one, that has no lowering.
    """
    return lower_traced(graph, constants).program


def lower_traced(graph: Graph, constants: Mapping[str, NDArray[np.generic]]) -> Lowered:
    """`lower`, with the way from the graph's values to the program's variables; what nobody reads has none."""
    builder = Builder()
    environment: dict[str, Any] = {}
    for spec in graph.inputs:
        environment[spec.name] = builder.variables[spec.name] = Var(spec.name, spec.dtype, spec.shape or (1,))
    for name, key in graph.constants.items():
        environment[name] = _constant(builder, key, constants)
    for node in graph.nodes:
        _lower_node(builder, graph, node, environment)
    program = Program(graph.inputs, graph.outputs, builder.variables, builder.constants, tuple(builder.ops))
    results = tuple(environment[name] for name in graph.results)
    renamed = _public_names(builder, program, results)
    program = prune(_with_names(builder, program, renamed))
    held = {value: renamed.get(var.name, var.name) for value, var in environment.items() if isinstance(var, Var)}
    return Lowered(program, {value: name for value, name in held.items() if name in program.variables})


def _constant(builder: Builder, key: str, constants: Mapping[str, NDArray[np.generic]]) -> Var:
    if key not in builder.variables:
        array = constants[key]
        array = array.reshape(array.shape or (1,))
        builder.constants[key] = array
        builder.variables[key] = Var(key, str(array.dtype), array.shape)
    return builder.variables[key]


def _lower_node(builder: Builder, graph: Graph, node: Node, environment: dict[str, Any]) -> None:
    lowering = lookup(node.op)
    results = tuple(graph.values[name] for name in node.outputs)
    builder.begin(node, results)
    arguments = _resolve(node.args, environment)
    options = _resolve(node.kwargs, environment)
    try:
        produced = lowering.function(builder, *arguments, **options)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise UnsupportedModelError(
            f"{node.op} ({node.outputs[0]}) cannot be lowered: {error}",
            remedy=f"its lowering is in {lowering.function.__module__}",
        ) from error
    produced = produced if isinstance(produced, tuple) else (produced,)
    for name, value, var in zip(node.outputs, results, produced, strict=False):
        if var is not None:
            environment[name] = _shaped(builder, var, value)


def _shaped(builder: Builder, var: Var | Complex, value: Tensor) -> Var | Complex:
    """The variable with the shape that torch states, which knows it better than the emitter's guess."""
    if isinstance(var, Complex) or value.dtype == "symint" or var.name in builder.constants:
        return var
    builder.variables[var.name] = replace(var, shape=value.shape or (1,))
    return builder.variables[var.name]


def _resolve(value: Any, environment: Mapping[str, Any]) -> Any:
    if isinstance(value, Ref):
        return environment[value.name]
    if isinstance(value, Dtype):
        return value.name
    if isinstance(value, Mapping):
        return {key: _resolve(item, environment) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_resolve(item, environment) for item in value]
    return value


def _public_names(builder: Builder, program: Program, results: tuple[Var, ...]) -> dict[str, str]:
    """The public name of every result's variable; one that is an input, a constant or given twice is copied first."""
    taken: set[str] = {spec.name for spec in program.inputs} | set(program.constants)
    renamed: dict[str, str] = {}
    for spec, var in zip(program.outputs, results, strict=True):
        source = var
        if var.name in taken or var.name in renamed:
            builder.begin(Node("output", (), {}, (f"{spec.name}.copy",)), ())
            source = builder.emit("assign", {"X": var})
        renamed[source.name] = spec.name
    return renamed


def _with_names(builder: Builder, program: Program, renamed: Mapping[str, str]) -> Program:
    ops = tuple(
        replace(op, inputs=_rename(op.inputs, renamed), outputs=_rename(op.outputs, renamed)) for op in builder.ops
    )
    variables = {renamed.get(n, n): replace(v, name=renamed.get(n, n)) for n, v in builder.variables.items()}
    return replace(program, ops=ops, variables=variables)


def _rename(slots: Mapping[str, tuple[str, ...]], renamed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {slot: tuple(renamed.get(name, name) for name in names) for slot, names in slots.items()}
