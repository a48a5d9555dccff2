from __future__ import annotations

from pathlib import Path

from packager.emit.paddle3_reader import DTYPES, read_signature
from tests.support.paddle3 import write_paddle3


def test_every_dtype_is_read(tmp_path: Path) -> None:
    """Of a program that Paddle wrote, whose inputs are called after their dtypes."""
    signature = read_signature(write_paddle3("everything", tmp_path / "all") / "inference.json")
    assert {spec.dtype for spec in signature.inputs} == set(DTYPES.values())
    for given, made in zip(signature.inputs, signature.outputs, strict=True):
        assert given.name == f"of_{given.dtype}"
        assert (given.shape, made.dtype, made.shape) == (("batch", 2, "axis2"), given.dtype, ("batch", "axis1", 1))
