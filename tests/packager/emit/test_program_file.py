from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from packager.emit.program_file import ARRAYS_FILE, read_program, write_program, write_safetensors
from packager.lower.program import Program
from tests.support.programs import ProgramMaker


def program() -> Program:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 4))
    weight = maker.constant(np.arange(20, dtype=np.float32).reshape(4, 5))
    y = maker.emit("matmul_v2", {"X": x, "Y": weight}, {"trans_x": False, "trans_y": False}, shape=("batch", 5))
    low = maker.full((1,), -np.inf, "float32")
    return maker.program(y=maker.binary("elementwise_max", y, low))


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    written = program()
    found = read_program(write_program(written, tmp_path))
    assert replace(found, constants={}) == replace(written, constants={})
    assert {name: array.tolist() for name, array in found.constants.items()} == {
        name: array.tolist() for name, array in written.constants.items()
    }


def test_constants_of_the_capture_are_referred_to(tmp_path: Path) -> None:
    written = program()
    capture = tmp_path / "constants.safetensors"
    write_safetensors(capture, written.constants)
    found = read_program(write_program(written, tmp_path, capture))
    assert (tmp_path / ARRAYS_FILE).stat().st_size < 64
    np.testing.assert_array_equal(next(iter(found.constants.values())), next(iter(written.constants.values())))


def test_a_constant_with_other_values_under_a_known_name_is_stored(tmp_path: Path) -> None:
    written = program()
    capture = tmp_path / "constants.safetensors"
    write_safetensors(capture, {name: array * 2 for name, array in written.constants.items()})
    found = read_program(write_program(written, tmp_path, capture))
    np.testing.assert_array_equal(next(iter(found.constants.values())), next(iter(written.constants.values())))
