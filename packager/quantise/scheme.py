"""One way to quantise a stage for one engine, what comes of it, and the registry of those who can do it.

A quantiser is a function `(Fp32, Scheme, feeds file or None, scratch folder) -> Quantised`. It writes into the scratch
folder only, runs heavy libraries in a worker, and raises an `EdgeError` of one line where the scheme cannot be made.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from edge.errors import InputError

if TYPE_CHECKING:
    from edge.manifest import Artifact, Stage
    from packager.emit.to_paddle import PaddleModel

STATIC, DYNAMIC, WEIGHTS, WEIGHTS_16, HALF = "int8", "int8-dynamic", "int8-weights", "int16-weights", "fp16"
"""Precisions, in the manifest's words."""


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How to quantise.

    `engine` is `onnxruntime` or `paddlelite`, `precision` one of the above. Static int8 alone has `activations` (`u8`,
    `s8`; ONNX only) and a `method` of finding ranges (`min-max`, `entropy`, `percentile`, `mse`), and needs feeds.
    `floats` names what stays in float: nodes of ONNX, output variables of Paddle operators. `steps` are those of
    `packager.quantise.improve`: `smooth`, `correct-bias`.
    """

    engine: str
    precision: str
    activations: str = ""
    method: str = ""
    floats: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """For people: `onnxruntime int8 u8 mse, smooth, 3 in float`."""
        words = " ".join(filter(None, (self.engine, self.precision, self.activations, self.method)))
        kept = (f"{len(self.floats)} in float",) if self.floats else ()
        return ", ".join((words, *self.steps, *kept))


@dataclass(frozen=True)
class Fp32:
    """A stage as it is: the ONNX artifact's file, and the Paddle program that Paddle Lite's was made of."""

    stage: Stage
    onnx: Path | None
    model: PaddleModel | None


@dataclass(frozen=True)
class Quantised:
    """What a quantiser made.

    `artifacts` are the manifest's records with the scheme's precision, `files` lie in the scratch folder, by their name
    in the bundle (`NAME.int8.onnx`). `not_run` says what could not be run here, and why (an arm `.nb`); a `stand_in`
    has the same arithmetic then and runs here: its numbers can be judged, its time cannot, and it is never shipped.
    `left` is what stayed in float although the scheme does not say so, by name, and why. Paddle Lite's places that no
    artifact is for keep fp32.
    """

    artifacts: tuple[Artifact, ...]
    files: Mapping[str, Path]
    tools: Mapping[str, str] = field(default_factory=dict)
    not_run: str = ""
    stand_in: Quantised | None = None
    left: Mapping[str, str] = field(default_factory=dict)


Quantiser = Callable[[Fp32, Scheme, Path | None, Path], Quantised]

QUANTISERS: Mapping[tuple[str, str], str] = {
    ("onnxruntime", STATIC): "packager.quantise.onnx.quantiser:quantise",
    ("onnxruntime", DYNAMIC): "packager.quantise.onnx.quantiser:quantise",
    ("onnxruntime", WEIGHTS): "packager.quantise.onnx.quantiser:quantise",
    ("onnxruntime", HALF): "packager.quantise.onnx.quantiser:quantise",
    ("paddlelite", STATIC): "packager.quantise.lite.quantiser:quantise",
    ("paddlelite", WEIGHTS): "packager.quantise.lite.quantiser:quantise",
    ("paddlelite", WEIGHTS_16): "packager.quantise.lite.quantiser:quantise",
    ("paddlelite", HALF): "packager.quantise.lite.quantiser:quantise",
}
"""By engine and precision, `module:function`; imported when it is used."""


def quantiser_of(scheme: Scheme) -> Quantiser:
    """Raises InputError for a precision that the engine has not."""
    try:
        module, _, name = QUANTISERS[scheme.engine, scheme.precision].partition(":")
    except KeyError as error:
        have = ", ".join(precision for engine, precision in QUANTISERS if engine == scheme.engine)
        raise InputError(
            f"{scheme.engine} has no {scheme.precision}", remedy=f"choose from: {have or 'another engine'}"
        ) from error
    quantiser: Quantiser = getattr(importlib.import_module(module), name)
    return quantiser
