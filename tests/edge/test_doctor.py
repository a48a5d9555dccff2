from __future__ import annotations

from dataclasses import replace

import pytest

from edge.doctor import diagnose


def test_both_engines_are_found_here_with_where_they_run() -> None:
    found = diagnose()
    assert found.healthy
    assert {engine.id: bool(engine.version) for engine in found.engines} == {"onnxruntime": True, "paddlelite": True}
    assert all(engine.runs_in for engine in found.engines)


def test_a_missing_engine_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON")
    found = diagnose()
    lite = found.engines[1]
    assert (lite.version, bool(lite.problem), bool(lite.remedy)) == ("", True, True)
    assert found.healthy


def test_without_an_engine_or_64_bits_nothing_can_run() -> None:
    found = diagnose()
    assert not replace(found, engines=()).healthy
    assert not replace(found, machine=replace(found.machine, bits=32)).healthy
