from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from packager.emit.program_file import read_program, write_program
from tests.support.programs import ProgramMaker


def test_what_is_read_is_what_was_written_but_for_the_values_of_constants(tmp_path: Path) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 4))
    weight = maker.constant(np.arange(20, dtype=np.float32).reshape(4, 5))
    y = maker.emit("matmul_v2", {"X": x, "Y": weight}, {"trans_x": False, "trans_y": False}, shape=("batch", 5))
    low = maker.full((1,), -np.inf, "float32")
    written = maker.program(y=maker.binary("elementwise_max", y, low))
    write_program(written, tmp_path / "program.json")
    found = read_program(tmp_path / "program.json")
    assert replace(found, constants={}) == replace(written, constants={})
    assert {name: (array.dtype, array.shape) for name, array in found.constants.items()} == {
        name: (array.dtype, array.shape) for name, array in written.constants.items()
    }
