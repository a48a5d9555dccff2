"""Verify a bundle on this machine: digests, requirements, golden vectors and pages on all engines that can run here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edge.bundle import Bundle
from edge.engines import artifacts_for, engine_entry, most_telling, open_session, why_not
from edge.errors import BundleError, CheckError, EnvironmentLackError
from edge.golden import Deviation, Golden, deviation, read_golden
from edge.golden_pages import ALLOWED, check_page, golden_page
from edge.machine import Machine, this_machine
from edge.manifest import Artifact, Stage
from edge.records import LATER, Record
from edge.requirements import check_requirements
from edge.results import Document
from edge.runtime import load


@dataclass(frozen=True, kw_only=True)
class OutputCheck(Record):
    """One output on one engine: the worst error over all golden vectors, in the output's unit, and the tolerance."""

    stage: str
    engine: str
    version: str
    file: str
    output: str
    vectors: int
    max_abs: float
    tolerance: float


@dataclass(frozen=True, kw_only=True)
class NotRun(Record):
    """An artifact that cannot run here, and why."""

    stage: str
    engine: str
    file: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PageCheck(Record):
    """One golden page whose lines an engine reads as before; `off` is how far a corner is, as a share of a height."""

    engine: str
    file: str
    lines: int
    off: float
    tolerance: float


@dataclass(frozen=True, kw_only=True)
class Verification(Record):
    """What was verified. That it exists means: everything that could run agreed."""

    bundle: str
    files: int
    checks: tuple[OutputCheck, ...]
    not_run: tuple[NotRun, ...]
    pages: tuple[PageCheck, ...] = field(default=(), metadata=LATER)


def verify(
    bundle: Bundle, engine: str | None = None, *, threads: int | None = None, machine: Machine | None = None
) -> Verification:
    """Check requirements, re-run the golden vectors and read the golden pages again.

    The bundle is open, so every digest was checked. With `engine` only that one is run. Raises CheckError naming
    output, element and error where one is over its hop's tolerance, or text and place where a page is read otherwise;
    EnvironmentLackError where requirements exclude this machine or a stage has no engine that can run here; InputError
    where the bundle has nothing for `engine`.
    """
    machine = machine or this_machine()
    manifest = bundle.manifest
    check_requirements(manifest.requires, machine)
    checks: list[OutputCheck] = []
    not_run: list[NotRun] = []
    for stage in manifest.stages:
        reasons: list[EnvironmentLackError] = []
        before = len(checks)
        for artifact in artifacts_for(stage, engine):
            reason = why_not(artifact, manifest.requires, machine)
            if reason is None:
                checks += _check_artifact(bundle, stage, artifact, threads)
                continue
            reasons.append(reason)
            not_run.append(NotRun(stage=stage.name, engine=artifact.engine, file=artifact.file, reason=reason.message))
        if len(checks) == before:
            raise most_telling(reasons)
    ran = [{check.engine for check in checks if check.stage == stage.name} for stage in manifest.stages]
    engines = [name for name in dict.fromkeys(check.engine for check in checks) if all(name in one for one in ran)]
    return Verification(
        bundle=manifest.name,
        files=len(manifest.files),
        checks=tuple(checks),
        not_run=tuple(not_run),
        pages=tuple(_check_pages(bundle, engines, threads)),
    )


def _check_pages(bundle: Bundle, engines: Sequence[str], threads: int | None) -> Iterator[PageCheck]:
    """The golden pages on each engine that runs all stages."""
    pages = bundle.manifest.pages
    for engine in engines if pages else ():
        with load(bundle, engine=engine, threads=threads) as model:
            for page in pages:
                found = model(str(bundle.file(page.image)))
                if not isinstance(found, Document) or len(found.pages) != 1:
                    raise BundleError(f"{page.image} cannot be read as one page", remedy="build the bundle again")
                off = check_page(page, golden_page(page.image, found), engine)
                yield PageCheck(
                    engine=engine, file=page.image, lines=len(page.lines), off=round(off, 4), tolerance=ALLOWED
                )


def _check_artifact(bundle: Bundle, stage: Stage, artifact: Artifact, threads: int | None) -> list[OutputCheck]:
    vectors = read_golden(bundle, stage)
    allowed = {spec.name: tolerance(stage, artifact, spec.name) for spec in stage.outputs}
    worst = dict.fromkeys(allowed, 0.0)
    session = open_session(
        artifact.engine, bundle.file(artifact.file), inputs=stage.inputs, outputs=stage.outputs, threads=threads
    )
    try:
        for golden in vectors:
            outputs = session.run(golden.inputs)
            for name, limit in allowed.items():
                found = deviation(golden, name, outputs[name])
                if not found.error <= limit:
                    raise _failure(f"{stage.name}: {artifact.engine}", golden, name, found, limit)
                worst[name] = max(worst[name], found.error)
    finally:
        session.close()
    version = engine_entry(artifact.engine).version()
    return [
        OutputCheck(
            stage=stage.name,
            engine=artifact.engine,
            version=version,
            file=artifact.file,
            output=name,
            vectors=len(vectors),
            max_abs=worst[name],
            tolerance=limit,
        )
        for name, limit in allowed.items()
    ]


def tolerance(stage: Stage, artifact: Artifact, output: str) -> float:
    """What the build allowed for this output on this engine; raises BundleError where it measured none."""
    found = [
        hop.tolerance
        for hop in stage.parity
        if (hop.hop, hop.precision or "fp32", hop.output) == (artifact.engine, artifact.precision, output)
    ]
    if not found:
        raise BundleError(
            f"no parity was recorded for {output!r} on {artifact.engine}", remedy="build the bundle again"
        )
    return max(found)


def _failure(who: str, golden: Golden, name: str, found: Deviation, limit: float) -> CheckError:
    place = ", ".join(map(str, found.element))
    return CheckError(
        f"{who} gives {found.got:.6g} for element ({place}) of {name!r}, expected was {found.expected:.6g}: "
        f"off by {found.error:.3g}, allowed {limit:.3g} ({golden.file})",
        remedy="do not use this engine on this machine; report it with the output of: edge doctor",
    )
