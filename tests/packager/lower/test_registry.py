"""The registry as a whole: every lowering is tested on one node, and says exactly what it emits."""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

from packager.errors import UnsupportedModelError
from packager.lower.registry import FAMILIES, lookup, lowerings, lowers, supports
from tests.support.hops import allowed_beside
from tests.support.one_node import Case, one_node

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


def test_what_a_lowering_says_that_it_emits_is_what_its_cases_emit() -> None:
    emitted: dict[str, set[str]] = defaultdict(set)
    for call in cases():
        types = {op.type for op in one_node(call).program.ops}
        emitted[call.op] |= types - (allowed_beside(call) - set(lookup(call.op).emits))
    spare = {op: sorted(set(lookup(op).emits) - types) for op, types in emitted.items()}
    assert {op: types for op, types in spare.items() if types} == {}


def test_a_second_registration_is_refused() -> None:
    with pytest.raises(ValueError, match="already has a lowering"):
        lowers("aten.relu.default", emits=())(lambda: None)


def test_a_miss_says_where_to_add_a_lowering() -> None:
    assert not supports("aten.nonsense.default")
    with pytest.raises(UnsupportedModelError, match=r"aten\.nonsense\.default has no lowering") as caught:
        lookup("aten.nonsense.default")
    assert "packager/lower/operators" in caught.value.remedy
