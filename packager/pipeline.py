"""The build: from a source to a bundle, one arrow after another."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterable, Sequence
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
from packager.hub.source import Source, kind_of, licence_text, resolve
from packager.networks import NETWORKS, Network, possible
from packager.order import Order
from packager.progress import step
from packager.room import enough_room

LICENCE_FILE = "LICENSE"
# An engine holds an artifact about twice (the mapped file and its own packed weights) beside the interpreter.
COPIES = 2
INTERPRETER_BYTES = 96 << 20


def build(
    source: str,
    out: Path | str,
    order: Order | None = None,
    *,
    revision: str | None = None,
    offline: bool = False,
    allow_licences: Sequence[str] = (),
) -> Bundle:
    """Build the bundle `out` (a folder that does not exist yet) from SOURCE and return it, opened and verified.

    `source` is what `packager build` takes: org/name, hf://org/name@revision, a folder, or an `.onnx` file. `revision`
    pins a repository, `offline` uses the cache only, `allow_licences` are SPDX identifiers that are accepted. Raises
    the errors of `packager.errors` and `edge.errors`; ParityError where any hop differs from the reference by more than
    its tolerance. Nothing is left under the name `out` then, and no temporary file.
    """
    order, out = order or Order(), Path(out)
    refuse_existing(out)
    order = possible(order, kind_of(source, revision))
    check_tools(order)
    with step("resolve", source):
        origin = resolve(source, revision=revision, offline=offline, allow_licences=allow_licences)
    command = blame_command(source, order, revision=revision, offline=offline, allow_licences=allow_licences)
    with (
        enough_room(),
        naming_blame(command, origin.kind),
        tempfile.TemporaryDirectory(prefix="edgepack-build-") as folder,
    ):
        scratch = Path(folder)
        networks = NETWORKS[origin.kind](origin, order, scratch)
        emitted = [[EMITTERS[engine](one, order, scratch) for engine in order.engines] for one in networks]
        with step("bundle", str(out)):
            return _write(out, origin, order, networks, emitted)


def _write(
    out: Path, origin: Source, order: Order, networks: Sequence[Network], emitted: Sequence[Sequence[Emitted]]
) -> Bundle:
    stages: list[Stage] = []
    files: dict[str, Path | bytes] = {LICENCE_FILE: licence_text(origin)}
    artifacts: dict[str, Path] = {}
    tools = {"edgepack": __version__, "python": platform.python_version()}
    for network, made in zip(networks, emitted, strict=True):
        golden = golden_files(network.samples, f"golden/{network.stage}" if len(networks) > 1 else "golden")
        stages.append(_stage(network, made, tuple(golden)))
        artifacts |= {name: path for one in made for name, path in one.files.items()}
        files |= {**network.files, **golden}
        tools |= network.tools
        for one in made:
            tools |= one.tools
    manifest = Manifest(
        format=FORMAT,
        name=order.name or out.name.removesuffix(".edge"),
        serial=order.serial,
        task=networks[0].task,
        requires=_requires(stages, artifacts.values()),
        source=origin.entry(),
        tools=dict(sorted(tools.items())),
        stages=tuple(stages),
        files=(),
    )
    return write_bundle(out, manifest, {**files, **artifacts})


def _stage(network: Network, emitted: Sequence[Emitted], golden: tuple[str, ...]) -> Stage:
    return Stage(
        name=network.stage,
        inputs=network.inputs,
        outputs=network.outputs,
        preprocess=network.preprocess,
        postprocess=network.postprocess,
        artifacts=tuple(artifact for one in emitted for artifact in one.artifacts),
        parity=network.hops + tuple(hop for one in emitted for hop in one.hops),
        golden=golden,
        fixed=network.fixed,
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
