"""Frozen dataclasses to and from JSON, keeping the fields that this version does not know.

A record is a frozen dataclass that derives from `Record`. Unknown fields land in `extra` and are written back, so
that an older reader never destroys what a newer writer said (see python-tuf's decision 0008 for the idea).
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from edge.errors import BundleError

if TYPE_CHECKING:
    from typing_extensions import Self


LATER: Mapping[str, Any] = {"later": True}
"""Metadata of a field that a format did not have from its beginning: while empty, it is not written."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record:
    """Base of everything that is stored as JSON."""

    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls, data: Any, where: str = "") -> Self:
        """Build from parsed JSON; raises BundleError naming the field that is missing or of the wrong type."""
        where = where or cls.__name__.lower()
        if not isinstance(data, dict):
            raise BundleError(f"{where}: an object was expected, not {type(data).__name__}")
        types_of = _types_of(cls)  # type: ignore[arg-type] # mypy looks at the hash of instances
        known: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            if field.name == "extra":
                continue
            if field.name in data:
                known[field.name] = _read(types_of[field.name], data[field.name], f"{where}.{field.name}")
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                raise BundleError(f"{where}: the field {field.name!r} is missing")
        return cls(**known, extra={key: value for key, value in data.items() if key not in types_of})

    def to_json(self) -> dict[str, Any]:
        """The JSON object, known fields first in their declared order, then the unknown ones."""
        fields = [one for one in dataclasses.fields(self) if one.name != "extra"]
        written = [one.name for one in fields if not one.metadata.get("later") or getattr(self, one.name)]
        return {name: _write(getattr(self, name)) for name in written} | dict(self.extra)


@cache
def _types_of(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _write(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [_write(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _write(item) for key, item in value.items()}
    return value


def _read(expected: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(expected)
    if expected is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _read_union(typing.get_args(expected), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise BundleError(f"{where}: a list was expected, not {type(value).__name__}")
        item = typing.get_args(expected)[0]
        return tuple(_read(item, one, f"{where}[{number}]") for number, one in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise BundleError(f"{where}: an object was expected, not {type(value).__name__}")
        item = typing.get_args(expected)[1]
        return {key: _read(item, one, f"{where}.{key}") for key, one in value.items()}
    if isinstance(expected, type) and issubclass(expected, Record):
        return expected.from_json(value, where)
    return _read_scalar(expected, value, where)


def _read_union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    for option in options:
        if option is type(None) and value is None:
            return None
        if option in (bool, int, float, str) and _is_scalar(option, value):
            return value
    structured = [o for o in options if o not in (type(None), bool, int, float, str)]
    if structured and value is not None:
        return _read(structured[0], value, where)
    raise BundleError(f"{where}: {type(value).__name__} is not allowed here")


def _is_scalar(expected: type, value: Any) -> bool:
    if expected is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, expected) and (expected is bool or not isinstance(value, bool))


def _read_scalar(expected: Any, value: Any, where: str) -> Any:
    if not _is_scalar(expected, value):
        raise BundleError(f"{where}: {expected.__name__} was expected, not {type(value).__name__}")
    return value
