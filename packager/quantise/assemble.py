"""Writes the bundle of what was found: artifacts, their hops, the golden pages, and the report of all candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from edge.bundle import Bundle
from edge.manifest import Hop, Manifest, Stage
from edge.quantisation import Calibration, Quantisation
from packager.bundle import write_bundle
from packager.progress import step
from packager.quantise.found import Found
from packager.quantise.hops import quantised_hops
from packager.quantise.job import Job
from packager.quantise.pages import pages_again
from packager.quantise.report.card import card
from packager.quantise.trial import files_of, replaced_by, with_artifacts
from packager.requires import requires

ByEngine = Mapping[str, Mapping[str, Found]]
"""By engine, then by the stage's name."""


def assemble(job: Job, found: ByEngine, out: Path, name: str, measured_on: str) -> Bundle:
    """Write `out` and return it, opened; raises what `packager.bundle.write_bundle` raises."""
    files = _files(job.fp32, found)
    stages = [_stage(job, stage, found, measured_on) for stage in job.fp32.manifest.stages]
    tools = dict(job.fp32.manifest.tools)
    for one in _each(found):
        tools |= one.kept.tools if one.kept else {}
    artifacts = {one.file for stage in stages for one in stage.artifacts}
    sizes = {path: file.stat().st_size for path, file in files.items() if _is_artifact(path, artifacts)}
    manifest = replace(
        job.fp32.manifest,
        name=name,
        requires=requires(stages, sizes),
        tools=dict(sorted(tools.items())),
        stages=tuple(stages),
    )
    if manifest.pages and any(one.kept for one in _each(found)):
        with step("quantise", "the bundle's pages, read again"):
            manifest, files = _with_pages(job, manifest, files, list(found))
    with step("bundle", str(out)):
        return write_bundle(out, manifest, {**files, **card(manifest)})


def _files(fp32: Bundle, found: ByEngine) -> dict[str, Path]:
    files = {entry.path: fp32.path / entry.path for entry in fp32.manifest.files}
    for one in _each(found):
        if one.kept:
            for path in files_of(fp32, replaced_by(one.search.stage, one.kept.artifacts)):
                del files[path]
            files |= one.kept.files
    return files


def _stage(job: Job, stage: Stage, found: ByEngine, measured_on: str) -> Stage:
    searched = {engine: stages[stage.name] for engine, stages in found.items()}
    made = stage
    for engine, one in searched.items():
        if one.kept:
            made = with_artifacts(made, one.kept.artifacts)
            left = {artifact.precision for artifact in made.artifacts if artifact.engine == engine}
            # A hop stays as long as there is an artifact that it is of.
            hops = (hop for hop in made.parity if hop.hop != engine or "fp32" in left)
            made = replace(made, parity=(*hops, *_hops(job, one, engine)))
    return replace(made, quantisation=_record(job, searched, measured_on))


def _hops(job: Job, one: Found, engine: str) -> tuple[Hop, ...]:
    trial = one.choice.trial
    if not (trial and trial.bundle and trial.quantised):
        return ()
    folder = job.folder(f"{engine}-{one.search.stage.name}-hops")
    hops: tuple[Hop, ...] = ()
    for artifact in (trial.quantised.stand_in or trial.quantised).artifacts:
        hops = hops or quantised_hops(trial.bundle, one.search.stage, artifact, trial.scheme.precision, folder)
    return hops


def _record(job: Job, searched: Mapping[str, Found], measured_on: str) -> Quantisation:
    judged = next((one.search for one in searched.values() if one.search.score), None)
    calibration = Calibration(
        digest=job.inputs.digest,
        inputs=len(job.inputs.calibrate),
        held_out=len(job.inputs.held_out),
        score=judged.score if judged else "",
        fp32=judged.fp32_score if judged else 0.0,
    )
    return Quantisation(
        precision=job.settings.precision,
        target=job.settings.target,
        measured_on=measured_on,
        max_drop=job.settings.max_drop,
        calibration=calibration,
        candidates=tuple(record for one in searched.values() for record in one.choice.candidates),
        sensitivities=next((one.search.sensitivities for one in searched.values() if one.search.sensitivities), ()),
        not_run=tuple(one.kept.not_run for one in searched.values() if one.kept and one.kept.not_run),
        left={name: why for one in searched.values() if one.kept for name, why in one.kept.left.items()},
    )


def _with_pages(
    job: Job, manifest: Manifest, files: dict[str, Path], engines: Sequence[str]
) -> tuple[Manifest, dict[str, Path]]:
    unread = write_bundle(job.scratch / "unread.edge", manifest, files)
    pages = pages_again(unread, engines)
    gone = {page.image for page in manifest.pages} - {page.image for page in pages}
    return replace(manifest, pages=pages), {path: file for path, file in files.items() if path not in gone}


def _each(found: ByEngine) -> list[Found]:
    return [one for stages in found.values() for one in stages.values()]


def _is_artifact(path: str, artifacts: set[str]) -> bool:
    return path in artifacts or any(path.startswith(f"{one}.") for one in artifacts)
