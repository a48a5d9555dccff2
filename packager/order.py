"""What the user asked for, as one frozen value that every stage can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.engines import ENGINES, PLACES
from edge.errors import InputError
from packager.emit.onnx_limits import LARGEST_MESSAGE
from packager.emit.to_lite import Place
from packager.quantise.settings import Settings
from packager.tasks.registry import TASKS

MAX_SERIAL = 2**64 - 1


@dataclass(frozen=True, kw_only=True)
class Order:
    """The options of a build; raises InputError where one cannot be fulfilled.

    `shape` fixes sizes that may otherwise differ from call to call, by the name of their axis (`batch`, `sequence`,
    `height`, `width`). `places` are Paddle Lite's: `arm` is for the devices, `x86` lets the host run and verify the
    same network. `serial` orders updates of one bundle. `seed` decides the samples that parity is measured on,
    `threads` how many each engine gets while it is. `samples` is an `.npz` of the network's inputs on which parity is
    measured too; the smallest of each batch size may become a golden vector, so it must not be secret.
    `largest_onnx` is how many bytes of weights the ONNX file may hold itself; more of them go into a file beside it, as
    they must over 2 GB. `characters` is a file with those that a recipe's recogniser tells apart, one a line.
    `quantisation` says in which precision the stages may be, beside fp32.
    """

    task: str = "auto"
    engines: tuple[str, ...] = tuple(ENGINES)
    places: tuple[Place, ...] = ("arm", "x86")
    shape: Mapping[str, int] = field(default_factory=dict)
    name: str = ""
    serial: int = 0
    seed: int = 0
    threads: int = 2
    samples: Path | None = None
    largest_onnx: int = LARGEST_MESSAGE
    characters: Path | None = None
    quantisation: Settings = field(default_factory=lambda: Settings(precision="fp32"))

    def __post_init__(self) -> None:
        _check_choice("task", (self.task,), ("auto", *TASKS))
        _check_choice("engine", self.engines, tuple(ENGINES))
        _check_choice("place", self.places, tuple(PLACES))
        for axis, size in self.shape.items():
            if size < 1:
                raise InputError(f"the axis {axis!r} cannot have the size {size}", remedy="give a number from 1")
        if not 0 <= self.serial <= MAX_SERIAL:
            raise InputError(f"the serial {self.serial} is no unsigned 64-bit number", remedy="count upwards from 0")
        if not 0 <= self.largest_onnx <= LARGEST_MESSAGE:
            raise InputError(f"an ONNX file cannot hold {self.largest_onnx} bytes of weights", remedy="allow fewer")


def _check_choice(what: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    wrong = [one for one in given if one not in known]
    if wrong or not given:
        shown = repr(wrong[0]) if wrong else "nothing"
        raise InputError(f"{shown} is no {what}", remedy=f"choose from: {', '.join(known)}")
