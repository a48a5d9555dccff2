"""Which arithmetic of 8 and 16 bits a target has: decided by its features, and by which kernels ONNX Runtime has.

U8 or S8 activations is a question of kernels: x86 multiplies unsigned by signed bytes, and on it S8 is slower than
fp32; Arm multiplies signed ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge.boards import BOARDS
from edge.errors import InputError
from edge.machine import Machine, this_machine
from packager.quantise.settings import HOST

VNNI = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
ARM_HALF = frozenset({"asimdhp", "fphp"})


@dataclass(frozen=True)
class Arithmetic:
    """What a target has. `activations` are those of int8 (`u8`, `s8`), empty where int8 cannot pay."""

    activations: str
    half: bool


def arithmetic_of(target: str, precision: str, here: Machine | None = None) -> Arithmetic:
    """Of a board's id or `host`, which is `here`, this machine unless it is given.

    Raises InputError where the precision that was asked for, `int8` or `fp16`, has no arithmetic there.
    """
    if target == HOST:
        found = here or this_machine()
        title, machine, features = "this machine", found.machine, frozenset(found.features)
    else:
        board = BOARDS[target]
        title, machine, features = board.title, board.machine, frozenset(board.features)
    if machine == "aarch64":
        # Every such core multiplies signed bytes; dot products only make it faster.
        arithmetic = Arithmetic("s8", half=features >= ARM_HALF)
    else:
        # Without VNNI two products are added in 16 bits, which overflow. Halves are converted to floats and back.
        arithmetic = Arithmetic("u8" if features & VNNI else "", half=False)
    if precision == "int8" and not arithmetic.activations:
        raise InputError(
            f"{title} has no int8 arithmetic: without VNNI its sums of products overflow",
            remedy="keep fp32, or name the board that the bundle is for with --target",
        )
    if precision == "fp16" and not arithmetic.half:
        raise InputError(
            f"{title} has no fp16 arithmetic: numbers would be converted to fp32 and back",
            remedy="choose int8 or fp32, or name the board that the bundle is for with --target",
        )
    return arithmetic
