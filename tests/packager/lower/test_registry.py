"""The registry as a whole: every lowering is tested on one node, and says exactly what it emits."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from packager.errors import UnsupportedModelError
from packager.lower.registry import FAMILIES, lookup, lowerings, lowers, supports
from tests.support.one_node import Case, one_node

PLUMBING = {"cast", "fill_constant", "not_equal", "reshape2", "shape", "slice"}
TABLES = Path(__file__).with_name("operators")


def cases() -> list[Case]:
    found: list[Case] = []
    for family in FAMILIES:
        found += import_module(f"tests.packager.lower.operators.test_{family}").CASES
    return found


def test_every_family_has_a_table_and_no_table_is_forgotten() -> None:
    assert {path.stem for path in TABLES.glob("test_*.py")} == {f"test_{family}" for family in FAMILIES}


def test_every_lowering_has_a_case() -> None:
    assert set(lowerings()) == {call.op for call in cases()}


def test_nothing_is_said_to_be_emitted_that_no_case_emits() -> None:
    # Operators that share a function share what it emits; any of them may meet a dtype or shape that needs PLUMBING.
    spare = {lowering.function: set(lowering.emits) - PLUMBING for lowering in lowerings().values()}
    for call in cases():
        spare[lookup(call.op).function] -= {op.type for op in one_node(call).program.ops}
    named = {op: sorted(spare[lowering.function]) for op, lowering in lowerings().items()}
    assert {op: types for op, types in named.items() if types} == {}


def test_a_second_registration_is_refused() -> None:
    with pytest.raises(ValueError, match="already has a lowering"):
        lowers("aten.relu.default", emits=())(lambda: None)


def test_a_miss_says_where_to_add_a_lowering() -> None:
    assert not supports("aten.nonsense.default")
    with pytest.raises(UnsupportedModelError, match=r"aten\.nonsense\.default has no lowering") as caught:
        lookup("aten.nonsense.default")
    assert "packager/lower/operators" in caught.value.remedy
