from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

import edge


def test_every_public_name_is_there() -> None:
    for name in edge.__all__:
        assert getattr(edge, name) is not None
    assert set(edge.__all__) <= set(dir(edge))


def test_every_kind_of_result_has_a_public_name() -> None:
    assert {kind.__name__ for kind in get_args(edge.Result)} <= set(edge.__all__)


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = edge.nothing


def test_importing_edge_loads_nothing_heavy() -> None:
    script = "import sys, edge; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"numpy", "onnxruntime", "PIL", "tokenizers", "click"} & set(done.stdout.split())
    assert "edge" in done.stdout.split()
