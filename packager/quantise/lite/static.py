"""Static int8 as Paddle programs, made in a child."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.errors import InputError
from packager.emit.model_reader import read_model
from packager.emit.to_paddle import PaddleModel
from packager.quantise.feeds import read_feeds
from packager.quantise.lite.static_worker import ALGORITHMS
from packager.worker import run_worker

WORKER = "packager.quantise.lite.static_worker"


@dataclass(frozen=True)
class StaticInt8:
    """`model` is Paddle's int8 program, `stand_in` one in float of the same arithmetic.

    `layers` are the outputs of what became int8, `weights` says how many numbers their weights have; `left` are the
    outputs of convolutions and products that did not, and why. `deviations` say by output how far the int8 program is
    from fp32 on calibration inputs, both run in Paddle, and how large fp32's values are.
    """

    model: PaddleModel
    stand_in: PaddleModel
    layers: tuple[str, ...]
    weights: int
    left: Mapping[str, str]
    deviations: Mapping[str, tuple[float, float]]

    @property
    def deviation(self) -> str:
        """For people: the output that is furthest off for its size."""
        if not self.deviations:
            return "it has no float output to compare"
        name = max(self.deviations, key=lambda one: _share(*self.deviations[one]))
        error, scale = self.deviations[name]
        return f"in Paddle its output {name!r} is up to {error:.3g} from fp32's, which reaches {scale:.3g}"


def static_int8(
    model: PaddleModel, feeds: Path, folder: Path, *, method: str, floats: Collection[str] = ()
) -> StaticInt8:
    """Quantise every convolution and every product with a weight, but those whose outputs are among `floats`.

    `method` is `min-max`, `entropy`, `percentile` or `mse`. Raises InputError for another one, and for feeds that are
    empty, not finite or not the model's; UnsupportedModelError where nothing can be int8; ToolError where Paddle fails.
    """
    if method not in ALGORITHMS:
        raise InputError(f"{method!r} is no method of calibration", remedy=f"choose from: {', '.join(ALGORITHMS)}")
    program = read_model(model.model)
    unknown = sorted(set(floats) - {name for op in program.ops for names in op.outputs.values() for name in names})
    if unknown:
        raise InputError(f"no operator gives the variable {unknown[0]!r}", remedy="name outputs of operators")
    check_feeds(feeds, {spec.name for spec in program.inputs})
    work = folder / "static-int8"
    work.mkdir(exist_ok=True)
    request = {
        "model": str(model.model),
        "feeds": str(feeds),
        "method": method,
        "floats": sorted(floats),
        "folder": str(work),
    }
    reply = run_worker(WORKER, request, isolated=True)
    asked = set(floats)
    return StaticInt8(
        model=PaddleModel(work / "int8.pdmodel", work / "int8.pdiparams"),
        stand_in=PaddleModel(work / "stand_in.pdmodel", work / "stand_in.pdiparams"),
        layers=tuple(reply["layers"]),
        weights=reply["weights"],
        left={name: why for name, why in reply["floats"].items() if name not in asked},
        deviations={name: (error, scale) for name, (error, scale) in reply["deviations"].items()},
    )


def check_feeds(feeds: Path, names: Collection[str]) -> None:
    """Raises InputError where there is no call, one has other inputs than `names`, or a value that is not finite."""
    number = -1
    for number, feed in enumerate(read_feeds(feeds)):
        if set(feed) != set(names):
            raise InputError(
                f"calibration call {number} has the inputs {sorted(feed)}, the network takes {sorted(names)}",
                remedy="calibrate with the bundle's own stages",
            )
        for name, array in feed.items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise InputError(
                    f"the input {name!r} of calibration call {number} is not finite",
                    remedy="remove what is broken from the calibration inputs",
                )
    if number < 0:
        raise InputError("there are no calibration inputs", remedy="give real inputs: --calibration FOLDER")


def _share(error: float, scale: float) -> float:
    return error / scale if scale else math.inf
