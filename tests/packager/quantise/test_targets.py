"""What a target can compute in 8 and 16 bits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.errors import InputError
from edge.machine import this_machine
from packager.quantise.targets import arithmetic_of


@pytest.mark.parametrize(
    ("board", "activations", "half"),
    [("rpi5", "s8", True), ("rpi4", "s8", False), ("arm64", "s8", False), ("x86-64", "", False)],
)
def test_boards(board: str, activations: str, half: bool) -> None:
    found = arithmetic_of(board, "auto")
    assert (found.activations, found.half) == (activations, half)


@pytest.mark.parametrize("feature", ["avx512_vnni", "avx_vnni", "amx_int8"])
def test_x86_wants_vnni(feature: str) -> None:
    plain = replace(this_machine(), machine="x86_64", features=("avx2", "fma"))
    assert arithmetic_of("host", "auto", plain).activations == ""
    assert arithmetic_of("host", "int8", replace(plain, features=("avx2", feature))).activations == "u8"


@pytest.mark.parametrize(("board", "precision"), [("x86-64", "int8"), ("x86-64", "fp16"), ("rpi4", "fp16")])
def test_what_a_target_has_not_is_refused_with_a_remedy(board: str, precision: str) -> None:
    with pytest.raises(InputError, match=f"has no {precision} arithmetic") as error:
        arithmetic_of(board, precision)
    assert "--target" in error.value.remedy
