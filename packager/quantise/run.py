"""From an fp32 bundle to one whose stages are quantised where that was measured to pay."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from edge.bundle import Bundle
from edge.errors import EnvironmentLackError, InputError
from edge.manifest import Stage
from packager.bundle import refuse_existing
from packager.emit.to_paddle import PaddleModel
from packager.quantise.assemble import assemble
from packager.quantise.calibration import open_calibration
from packager.quantise.clock import check_clock, clock_for, measured_on
from packager.quantise.collect import collect_feeds
from packager.quantise.found import Found
from packager.quantise.job import Job
from packager.quantise.schemes import first_schemes
from packager.quantise.search import Search
from packager.quantise.settings import Settings
from packager.quantise.targets import arithmetic_of
from packager.quantise.together import hold_together
from packager.recipes.pages import can_run
from packager.room import enough_room


def quantise(
    bundle: Bundle, out: Path, settings: Settings, programs: Mapping[str, PaddleModel], *, name: str = ""
) -> Bundle:
    """Write the bundle `out`: `bundle` with every stage in the precision that pays; opened and verified.

    `programs` are the Paddle programs of the stages with artifacts for Paddle Lite, by stage. Raises InputError for a
    bundle that is quantised already, for calibration data that cannot be used, or for a target without the arithmetic;
    EnvironmentLackError where nothing of the bundle can run here. Nothing is left under the name `out` then.
    """
    refuse_existing(out)
    _refuse_quantised(bundle)
    check_settings(settings, has_pages=bool(bundle.manifest.pages))
    inputs = open_calibration(settings.calibration, bundle, settings.seed)
    engines = list(dict.fromkeys(one.engine for stage in bundle.manifest.stages for one in stage.artifacts))
    able = [engine for engine in engines if can_run(bundle, engine)]
    if not able:
        raise EnvironmentLackError(
            f"no engine of {bundle.path.name} can run here, so nothing could be judged",
            remedy="build it for this machine's place, too, or for ONNX Runtime",
        )
    with enough_room(), tempfile.TemporaryDirectory(prefix="edgepack-quantise-") as folder:
        feeds = collect_feeds(bundle, inputs.calibrate, able[0], Path(folder))
        job = Job(bundle, settings, inputs, feeds, programs, Path(folder))
        found: dict[str, dict[str, Found]] = {}
        for engine in able:
            found[engine] = {stage.name: _search(job, stage, engine) for stage in bundle.manifest.stages}
            hold_together(job, engine, found[engine])
        return assemble(job, found, out, name or bundle.manifest.name, measured_on(settings))


def check_settings(settings: Settings, *, has_pages: bool) -> None:
    """Raises InputError for what no bundle could be quantised with, and where the device that is to measure cannot.

    Call it before the long work. A bundle that `has_pages` can be calibrated on them.
    """
    if settings.precision == "fp32":
        raise InputError("fp32 is what the bundle is in", remedy="choose --precision int8, fp16 or auto")
    arithmetic_of(settings.target, settings.precision)
    measured_on(settings)
    path = settings.calibration
    if path is None and not has_pages:
        raise InputError(
            "candidates are judged on real inputs, and int8 takes its ranges from them: none were given",
            remedy="give inputs like those of the device: --calibration FOLDER (or a text file for texts)",
        )
    if path and not path.exists():
        raise InputError(f"there is no calibration set {path}", remedy="give a folder, or a file of texts")
    check_clock(settings)


def _search(job: Job, stage: Stage, engine: str) -> Found:
    search = Search(
        job=job,
        stage=stage,
        engine=engine,
        clock=clock_for(job, stage, engine),
        scratch=job.folder(f"{engine}-{stage.name}"),
    )
    return Found(search, search.run(first_schemes(job, stage, engine)))


def of_engines(bundle: Bundle, engines: Sequence[str]) -> Bundle:
    """The bundle with the artifacts of these engines alone; raises InputError where a stage has none of them."""
    stages = []
    for stage in bundle.manifest.stages:
        kept = tuple(one for one in stage.artifacts if one.engine in engines)
        if not kept:
            have = ", ".join(dict.fromkeys(one.engine for one in stage.artifacts))
            raise InputError(f"{bundle.path.name} has nothing for {' or '.join(engines)}", remedy=f"it has: {have}")
        hops = tuple(hop for hop in stage.parity if hop.hop not in {one.engine for one in stage.artifacts} - {*engines})
        stages.append(replace(stage, artifacts=kept, parity=hops))
    gone = {one.file for stage in bundle.manifest.stages for one in stage.artifacts if one.engine not in engines}
    files = tuple(entry for entry in bundle.manifest.files if entry.path not in gone)
    return Bundle(bundle.path, replace(bundle.manifest, stages=tuple(stages), files=files))


def _refuse_quantised(bundle: Bundle) -> None:
    made = {one.precision for stage in bundle.manifest.stages for one in stage.artifacts} - {"fp32"}
    if made:
        raise InputError(
            f"{bundle.path.name} has artifacts in {', '.join(sorted(made))}", remedy="give the bundle that is fp32"
        )
