"""The form of a benchmark's record, from the dataclasses that read and write it."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from edge.bench.record import FORMAT, Measurement
from edge.records import Record

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], Iterator[str]]
SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def document(table: Table) -> Iterator[str]:
    """One section for each kind of object, the whole record first."""
    yield "# Records of a benchmark"
    yield ""
    yield f"What `edge bench -o` writes and `edge compare` reads: JSON, UTF-8, format {FORMAT}. Times are in seconds,"
    yield "sizes in bytes, digests SHA-256 in lower-case hexadecimal. Nothing in it is computed from its samples. A"
    yield "reader keeps fields that it does not know, and refuses another `format`. A field without a default is always"
    yield "there."
    waiting, done = [Measurement], []
    while waiting:
        kind = waiting.pop(0)
        if kind in done:
            continue
        done.append(kind)
        types_of = typing.get_type_hints(kind)
        fields = [field for field in dataclasses.fields(kind) if field.name != "extra"]
        yield ""
        yield f"## {kind.__name__}"
        yield ""
        yield from inspect.cleandoc(kind.__doc__ or "").splitlines()
        yield ""
        yield from table(
            ("field", "type", "default"),
            [(f"`{one.name}`", _type(types_of[one.name]), _default(one)) for one in fields],
        )
        waiting += [inner for one in fields for inner in _records(types_of[one.name])]


def _type(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(_type, inner))
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"object of {_type(inner[1])}"
    return SCALARS.get(hint) or f"[{hint.__name__}](#{hint.__name__.lower()})"


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return "empty"
    if field.default is dataclasses.MISSING:
        return ""
    return {None: "null", "": "empty", (): "empty"}.get(field.default, str(field.default))


def _records(hint: Any) -> Iterator[type[Record]]:
    if isinstance(hint, type) and issubclass(hint, Record):
        yield hint
    for inner in typing.get_args(hint):
        yield from _records(inner)
