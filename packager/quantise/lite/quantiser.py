"""A stage's Paddle program as `.nb` of another precision, with the checks that hold for it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from edge.engines import PLACES
from edge.errors import InputError
from edge.machine import this_machine
from edge.manifest import Artifact, Stage
from packager.emit.lite_python import lite_version
from packager.emit.to_lite import LiteModel, Place, to_lite
from packager.emit.to_paddle import PaddleModel
from packager.errors import UnsupportedModelError
from packager.quantise.lite.checks import check_half, check_static, check_weights
from packager.quantise.lite.half import check_range
from packager.quantise.lite.static import static_int8
from packager.quantise.scheme import HALF, STATIC, WEIGHTS, WEIGHTS_16, Fp32, Quantised, Scheme

ENGINE = "paddlelite"
ARM: tuple[Place, ...] = ("arm",)


def quantise(fp32: Fp32, scheme: Scheme, feeds: Path | None, scratch: Path) -> Quantised:
    """For the places that the stage's fp32 artifacts are for, and that Paddle Lite has the kernels for.

    Raises InputError for static int8 without feeds, and where feeds or what the network makes of them are not finite;
    UnsupportedModelError where no operator can be quantised, where the stage has no artifact for arm and only arm could
    run the result, and where half precision could not hold a value; ToolError where `opt` or Paddle fails.
    """
    if fp32.model is None:
        raise InputError(
            f"there is no Paddle program of the stage {fp32.stage.name}", remedy="build it again with packager build"
        )
    if scheme.steps:
        raise InputError(f"Paddle Lite's programs cannot be given the step {scheme.steps[0]}", remedy="leave steps out")
    return _MAKERS[scheme.precision](fp32.stage, fp32.model, scheme, feeds, scratch)


def _static(stage: Stage, model: PaddleModel, scheme: Scheme, feeds: Path | None, scratch: Path) -> Quantised:
    if feeds is None:
        raise InputError(
            "static int8 needs ranges, and none are taken from noise", remedy="give real inputs: --calibration FOLDER"
        )
    places = _arm(stage, scheme)
    made = static_int8(model, feeds, scratch, method=scheme.method, floats=scheme.floats)
    files = [to_lite(made.model, scratch, name=_name(stage, scheme), place=place) for place in places]
    for one in files:
        with _fp32(model, scratch, one.place) as fp32:
            check_static(one.file, fp32, made)
    here, twin = _here(), None
    if here in places:
        return _quantised(scheme, files, left=made.left)
    if here:
        name = f"{_name(stage, scheme)}.stand-in"
        twin = _quantised(scheme, [to_lite(made.stand_in, scratch, name=name, place=here)])
    not_run = f"{_not_run(scheme)}; {made.deviation}"
    return _quantised(scheme, files, not_run=not_run, stand_in=twin, left=made.left)


def _weights(stage: Stage, model: PaddleModel, scheme: Scheme, feeds: Path | None, scratch: Path) -> Quantised:
    del feeds
    _no_floats(scheme)
    places = _places(stage)
    make = partial(_checked_weights, model, scheme, scratch)
    files = [make(place=place, name=_name(stage, scheme)) for place in places]
    here, twin = _here(), None
    if here in places:
        return _quantised(scheme, files)
    if here:
        twin = _quantised(scheme, [make(place=here, name=f"{_name(stage, scheme)}.stand-in")])
    return _quantised(scheme, files, not_run=_not_run(scheme), stand_in=twin)


def _checked_weights(model: PaddleModel, scheme: Scheme, scratch: Path, *, place: Place, name: str) -> LiteModel:
    made = to_lite(model, scratch, name=name, place=place, precision=scheme.precision)
    with _fp32(model, scratch, place) as fp32:
        check_weights(made.file, fp32, scheme.precision)
    return made


@contextmanager
def _fp32(model: PaddleModel, scratch: Path, place: Place) -> Iterator[Path]:
    """The file of the same `opt` without quantisation."""
    with TemporaryDirectory(prefix="fp32-", dir=scratch) as folder:
        yield to_lite(model, Path(folder), name="fp32", place=place).file


def _half(stage: Stage, model: PaddleModel, scheme: Scheme, feeds: Path | None, scratch: Path) -> Quantised:
    _no_floats(scheme)
    places = _arm(stage, scheme)
    check_range(model, feeds)
    files = [
        to_lite(model, scratch, name=_name(stage, scheme), place=place, precision=scheme.precision) for place in places
    ]
    for one in files:
        check_half(one.file)
    return _quantised(scheme, files, not_run="" if _here() in places else _not_run(scheme))


_MAKERS: Mapping[str, Callable[[Stage, PaddleModel, Scheme, Path | None, Path], Quantised]] = {
    STATIC: _static,
    WEIGHTS: _weights,
    WEIGHTS_16: _weights,
    HALF: _half,
}


def _quantised(
    scheme: Scheme,
    files: Sequence[LiteModel],
    *,
    not_run: str = "",
    stand_in: Quantised | None = None,
    left: Mapping[str, str] | None = None,
) -> Quantised:
    version = lite_version()
    artifacts = tuple(
        Artifact(
            engine=ENGINE,
            file=one.file.name,
            precision=scheme.precision,
            place=one.place,
            minimum_engine=version.split("rc")[0],
        )
        for one in files
    )
    by_name = {one.file.name: one.file for one in files}
    return Quantised(artifacts, by_name, {ENGINE: version}, not_run, stand_in, left or {})


def _places(stage: Stage) -> tuple[Place, ...]:
    """Those that the bundle has Paddle Lite's artifacts for."""
    return tuple(cast("Place", one.place) for one in stage.artifacts if one.engine == ENGINE)


def _arm(stage: Stage, scheme: Scheme) -> tuple[Place, ...]:
    places = tuple(place for place in _places(stage) if place in ARM)
    if not places:
        raise UnsupportedModelError(
            f"Paddle Lite's {scheme.precision} is right on arm alone, which the stage {stage.name} has no artifact for",
            remedy="build the bundle for arm, too",
        )
    return places


def _here() -> Place | None:
    """This machine's place, where Paddle Lite has one for it."""
    machine = this_machine().machine
    return next((cast("Place", place) for place, name in PLACES.items() if name == machine), None)


def _name(stage: Stage, scheme: Scheme) -> str:
    return f"{stage.name}.{scheme.precision}"


def _not_run(scheme: Scheme) -> str:
    return f"Paddle Lite's {scheme.precision} for arm was not run: this machine is {this_machine().machine}"


def _no_floats(scheme: Scheme) -> None:
    if scheme.floats:
        raise InputError(
            f"Paddle Lite's {scheme.precision} cannot leave out operators ({scheme.floats[0]})",
            remedy="quantise all of them, or take int8",
        )
