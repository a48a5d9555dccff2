"""Versions and ranges of versions, as a manifest writes them: `>=1.16,<2`.

A version is its leading numbers: `2.13rc0` counts as 2.13, and 1.16 equals 1.16.0. That is all a range needs here, and
`packaging` is not on the device.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from edge.errors import BundleError

UNKNOWN = "0"
"""The version of what was built from source and installed without saying which it is."""

Release = tuple[int, ...]

OPERATORS: dict[str, Callable[[Release, Release], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_RELEASE = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,7})", re.ASCII)
_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\S+)\s*", re.ASCII)


def release(version: str) -> Release:
    """The leading numbers without trailing zeros; raises BundleError where there are none."""
    found = _RELEASE.match(version)
    if not found:
        raise BundleError(f"{version!r} is not a version", remedy="build the bundle again")
    numbers = [int(number) for number in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def in_range(version: str, wanted: str) -> bool:
    """Whether the version is in the range; an empty range takes every version. Raises BundleError on a broken range."""
    clauses = _clauses(wanted)
    have = release(version) if clauses else ()
    return all(OPERATORS[sign](have, release(bound)) for sign, bound in clauses)


def narrowed(wanted: str, minimum: str) -> str:
    """The range with `minimum` as its lower bound where it has none or a lower one; raises as `in_range` does."""
    clauses = _clauses(wanted) + (_clauses(f">={minimum}") if minimum else [])
    lowest = sorted((bound for sign, bound in clauses if sign == ">="), key=release)[-1:]
    others = [sign + bound for sign, bound in clauses if sign != ">="]
    return ",".join([*(f">={bound}" for bound in lowest), *others])


def _clauses(wanted: str) -> list[tuple[str, str]]:
    """Sign and version of every clause."""
    if not wanted.strip():
        return []
    found = [_CLAUSE.fullmatch(clause) for clause in wanted.split(",")]
    clauses = [(one[1], one[2]) for one in found if one and _RELEASE.fullmatch(one[2])]
    if len(clauses) != len(found):
        raise BundleError(f"{wanted!r} is not a range of versions", remedy="write it like >=1.16,<2")
    return clauses
