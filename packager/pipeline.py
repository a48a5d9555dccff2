"""The build: from a source to a bundle, one arrow after another."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edge import __version__
from edge.bundle import Bundle
from edge.engines import PLACES
from edge.manifest import FORMAT, Manifest, Requires, Stage
from packager.artifacts import EMITTERS, Emitted, check_tools
from packager.blame.command import blame_command, naming_blame
from packager.bundle import refuse_existing, write_bundle
from packager.emit.onnx_limits import DATA_SUFFIX
from packager.golden import golden_files
from packager.hub.source import Kind, Source, kind_of, resolve
from packager.networks import NETWORKS, Network, possible
from packager.order import Order
from packager.plan import Plan, make_plan
from packager.progress import step
from packager.recipes.pages import read_pages
from packager.room import enough_room

LICENCE_FILE = "LICENSE"
# An engine holds an artifact about twice (the mapped file and its own packed weights) beside the interpreter.
COPIES = 2
INTERPRETER_BYTES = 96 << 20


@dataclass(frozen=True)
class Made:
    """A network that became files, and the source that it was made of."""

    network: Network
    emitted: Sequence[Emitted]
    origin: Source


def build(
    source: str,
    out: Path | str,
    order: Order | None = None,
    *,
    revision: str | None = None,
    offline: bool = False,
    allow_licences: Sequence[str] = (),
    sources: Mapping[str, str] | None = None,
) -> Bundle:
    """Build the bundle `out` (a folder that does not exist yet) from SOURCE and return it, opened and verified.

    `source` is what `packager build` takes: org/name, hf://org/name@revision, a folder, an `.onnx` file, or a recipe.
    `revision` pins a repository, `offline` uses the cache only, `allow_licences` are SPDX identifiers that are
    accepted, `sources` replace those of a recipe by stage. Raises the errors of `packager.errors` and `edge.errors`;
    ParityError where any hop differs from the reference by more than its tolerance. Nothing is left under the name
    `out` then, and no temporary file.
    """
    order, out = order or Order(), Path(out)
    refuse_existing(out)
    plan = make_plan(source, order, revision=revision, sources=sources or {})
    order = _possible(order, [kind_of(one, revision) for one in plan.sources])
    check_tools(order)
    origins = []
    for one in plan.sources:
        with step("resolve", one):
            origins.append(resolve(one, revision=revision, offline=offline, allow_licences=allow_licences))
    # What a repository holds is known only now.
    order = _possible(order, [origin.kind for origin in origins])
    with enough_room(), tempfile.TemporaryDirectory(prefix="edgepack-build-") as folder:
        made: list[Made] = []
        for number, origin in enumerate(origins):
            command = blame_command(
                plan.sources[number], order, revision=revision, offline=offline, allow_licences=allow_licences
            )
            scratch = Path(folder) / str(number)
            scratch.mkdir()
            with naming_blame(command, origin.kind):
                networks = plan.stages(number, NETWORKS[origin.kind](origin, order, scratch), origin, order)
                made += [
                    Made(one, [EMITTERS[engine](one, order, scratch) for engine in order.engines], origin)
                    for one in networks
                ]
        manifest, files = _bundle(out, plan, order, made)
        if plan.pages:
            files |= {page.image: page.picture for page in plan.pages}
            with step("parity", "pages, from pixels to text"):
                unread = write_bundle(Path(folder) / "unread.edge", manifest, files)
                manifest = replace(manifest, pages=read_pages(plan.pages, unread, order.engines, order.threads))
        with step("bundle", str(out)):
            return write_bundle(out, manifest, files)


def _possible(order: Order, kinds: Iterable[Kind]) -> Order:
    """The order with the engines that every one of its sources can have: one engine runs the whole bundle."""
    for kind in kinds:
        order = possible(order, kind)
    return order


def _bundle(out: Path, plan: Plan, order: Order, every: Sequence[Made]) -> tuple[Manifest, dict[str, Path | bytes]]:
    """The manifest, and the files by their path in the bundle."""
    stages: list[Stage] = []
    files: dict[str, Path | bytes] = {LICENCE_FILE: plan.licence([one.origin for one in every])}
    artifacts: dict[str, Path] = {}
    tools = {"edgepack": __version__, "python": platform.python_version()}
    for made in every:
        network = made.network
        golden = golden_files(network.samples, f"golden/{network.stage}" if len(every) > 1 else "golden")
        stages.append(_stage(made, tuple(golden), of_its_own=plan.recipe is not None))
        artifacts |= {name: path for one in made.emitted for name, path in one.files.items()}
        files |= {**network.files, **golden}
        tools |= network.tools
        for one in made.emitted:
            tools |= one.tools
    manifest = Manifest(
        format=FORMAT,
        name=order.name or out.name.removesuffix(".edge"),
        serial=order.serial,
        task=plan.recipe.task if plan.recipe else every[0].network.task,
        requires=_requires(stages, artifacts.values()),
        source=plan.entry([one.origin for one in every]),
        tools=dict(sorted(tools.items())),
        stages=tuple(stages),
        files=(),
    )
    return manifest, {**files, **artifacts}


def _stage(made: Made, golden: tuple[str, ...], *, of_its_own: bool) -> Stage:
    network = made.network
    return Stage(
        name=network.stage,
        inputs=network.inputs,
        outputs=network.outputs,
        preprocess=network.preprocess,
        postprocess=network.postprocess,
        artifacts=tuple(artifact for one in made.emitted for artifact in one.artifacts),
        parity=network.hops + tuple(hop for one in made.emitted for hop in one.hops),
        golden=golden,
        fixed=network.fixed,
        source=made.origin.entry() if of_its_own else None,
    )


def _requires(stages: Sequence[Stage], files: Iterable[Path]) -> Requires:
    """No C library is named: artifacts are data, and the engines' packages have demands of their own."""
    artifacts = [one for stage in stages for one in stage.artifacts]
    machines = {machine for one in artifacts for place, machine in PLACES.items() if one.place in ("", place)}
    # Weights of over 2 GB lie in a file beside the model; an engine loads both.
    sizes: dict[str, int] = {}
    for path in files:
        name = path.name.removesuffix(DATA_SUFFIX)
        sizes[name] = sizes.get(name, 0) + path.stat().st_size
    # Every stage is loaded, by one engine.
    largest = sum(max(sizes[one.file] for one in stage.artifacts) for stage in stages)
    return Requires(machines=tuple(sorted(machines)), memory_bytes=COPIES * largest + INTERPRETER_BYTES)
