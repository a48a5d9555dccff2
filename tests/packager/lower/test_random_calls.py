"""Shapes, dtypes and attributes that nobody thought of, for every lowering: each engine against torch.

`calls/` has a module for each family of lowerings, which says how to draw a call of each of its ATen operators.
"""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.lower.registry import FAMILIES, lowerings
from tests.support.hops import check_unless_refused
from tests.support.one_node import Case
from tests.support.random_tensors import Calls


def calls(family: str) -> Calls:
    found: Calls = import_module(f"tests.packager.lower.calls.{family}").CALLS
    return found


def test_every_lowering_has_random_calls() -> None:
    assert {op for family in FAMILIES for op in calls(family)} == set(lowerings())


@pytest.mark.parametrize("family", FAMILIES)
def test_agrees_with_torch(family: str) -> None:
    found = calls(family)

    @given(st.sampled_from(sorted(found)).flatmap(found.__getitem__))
    def agrees(call: Case) -> None:
        check_unless_refused(call)

    agrees()
