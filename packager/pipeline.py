"""The build: from a source to a bundle, one arrow after another."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edge import __version__
from edge.bundle import Bundle
from edge.manifest import FORMAT, Manifest, Stage
from packager.artifacts import EMITTERS, Emitted, check_tools
from packager.blame.command import blame_command, naming_blame
from packager.bundle import refuse_existing, write_bundle
from packager.golden import golden_files
from packager.hub.source import Kind, Source, kind_of, resolve
from packager.networks import NETWORKS, Network, possible
from packager.order import Order
from packager.plan import Plan, make_plan
from packager.progress import step
from packager.quantise.cache import keep_programs
from packager.quantise.run import check_settings, quantise
from packager.recipes.pages import read_pages
from packager.requires import requires
from packager.room import enough_room

LICENCE_FILE = "LICENSE"


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
    precise = order.quantisation.precision == "fp32"
    if not precise:
        check_settings(order.quantisation, has_pages=bool(plan.pages))
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
        programs = {
            one.network.stage: one.network.models["paddlelite"] for one in made if "paddlelite" in one.network.models
        }
        if not precise:
            fp32 = write_bundle(Path(folder) / "fp32.edge", manifest, files)
            return quantise(fp32, out, order.quantisation, programs)
        with step("bundle", str(out)):
            bundle = write_bundle(out, manifest, files)
        keep_programs(bundle, programs)
        return bundle


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
        requires=requires(stages, {name: path.stat().st_size for name, path in artifacts.items()}),
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
