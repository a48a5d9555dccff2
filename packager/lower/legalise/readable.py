"""The guards look at operators of foreign models, whose slots and attributes may be missing or of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from packager.errors import SourceError
from packager.lower.program import Op


@contextmanager
def readable(op: Op) -> Iterator[None]:
    """Raises SourceError where the operator lacks a slot or an attribute, or has one of another kind."""
    try:
        yield
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise SourceError(f"the operator {op.type} is damaged ({error!r})", remedy="fetch the model again") from error
