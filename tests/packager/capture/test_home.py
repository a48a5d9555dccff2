from __future__ import annotations

from pathlib import Path

import pytest

from packager.capture.home import home
from packager.lower.registry import FAMILIES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("op", "file"),
    [
        ("aten.gelu.out", "activation.py"),  # beside aten.gelu.default
        ("aten.digamma.default", "elementwise.py"),
        ("aten.prod.dim_int", "reduction.py"),
        ("aten.rand.default", "create.py"),
        ("aten.randn_like.default", "create.py"),
        ("aten.hann_window.default", "create.py"),
        ("aten.linalg_inv_ex.default", ""),
        ("elsewhere.unknown.default", ""),
        ("nonsense", ""),
    ],
)
def test_the_file_for_a_missing_lowering(op: str, file: str) -> None:
    assert home(op) == f"packager/lower/operators/{file}"
    assert (ROOT / home(op)).exists()


def test_every_file_that_is_named_holds_a_family() -> None:
    assert {"elementwise", "reduction", "create"} <= set(FAMILIES)
