"""From a network's Paddle program to the files that each engine runs, each checked against the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from edge.engines import PLACES as MACHINE_OF
from edge.machine import this_machine
from edge.manifest import Artifact, Hop
from packager.emit.lite_python import lite_python, lite_version
from packager.emit.onnx_limits import minimum_engine
from packager.emit.to_lite import Place, to_lite
from packager.emit.to_onnx import to_onnx
from packager.networks.network import Network
from packager.order import Order
from packager.parity.artifact import run_artifact
from packager.parity.compare import check_hop
from packager.progress import step

PLACES: tuple[Place, ...] = ("arm", "x86")


@dataclass(frozen=True)
class Emitted:
    """What one engine gets: the manifest's records, the files by their name in the bundle, and the hops measured."""

    artifacts: tuple[Artifact, ...]
    files: Mapping[str, Path]
    hops: tuple[Hop, ...]
    tools: Mapping[str, str]


def emit_onnx(network: Network, order: Order, scratch: Path) -> Emitted:
    """ONNX, by paddle2onnx where it is none yet, run by ONNX Runtime at the optimisation level that ships."""
    with step("emit", "ONNX"):
        made = to_onnx(
            network.onnx or network.models["onnxruntime"],
            scratch,
            name=network.stage,
            inputs=network.inputs,
            outputs=network.outputs,
            largest=order.largest_onnx,
        )
    artifact = Artifact(
        engine="onnxruntime",
        file=made.file.name,
        precision="fp32",
        opset=made.opset,
        ir=made.ir,
        minimum_engine=minimum_engine(made.opset, made.ir, attention=made.attention),
    )
    files = {path.name: path for path in made.files}
    used = ("onnx", "onnxruntime") if network.onnx else ("paddle2onnx", "onnx", "onnxruntime")
    tools = {name: version(name) for name in used}
    return Emitted((artifact,), files, _check(network, order, artifact, made.file, scratch), tools)


def emit_lite(network: Network, order: Order, scratch: Path) -> Emitted:
    """Paddle Lite by `opt`, for each place; the one for this machine's place is run."""
    artifacts: list[Artifact] = []
    files: dict[str, Path] = {}
    hops: tuple[Hop, ...] = ()
    tool = lite_version()
    # The place that runs here is always made: it is the proof for the others, which come from the same program.
    here = [place for place in PLACES if MACHINE_OF[place] == this_machine().machine]
    places = tuple(dict.fromkeys((*order.places, *here)))
    make = partial(to_lite, network.models["paddlelite"], scratch, name=network.stage)
    with step("emit", f"Paddle Lite for {' and '.join(places)}"), ThreadPoolExecutor() as pool:
        models = tuple(pool.map(lambda place: make(place=place), places))
    for made in models:
        place = made.place
        artifact = Artifact(
            engine="paddlelite", file=made.file.name, precision="fp32", place=place, minimum_engine=tool.split("rc")[0]
        )
        if place in here:
            hops = _check(network, order, artifact, made.file, scratch)
        if place in order.places:
            artifacts.append(artifact)
            files[made.file.name] = made.file
    return Emitted(tuple(artifacts), files, hops, {"paddlelite": tool})


EMITTERS: Mapping[str, Callable[[Network, Order, Path], Emitted]] = {"onnxruntime": emit_onnx, "paddlelite": emit_lite}
"""By engine."""


def check_tools(order: Order) -> None:
    """Raises ToolError where Paddle Lite is ordered and its interpreter is missing: before the long work, not after."""
    if "paddlelite" in order.engines:
        lite_python()


def _check(network: Network, order: Order, artifact: Artifact, file: Path, scratch: Path) -> tuple[Hop, ...]:
    with step("parity", f"{file.name} in {artifact.engine}"):
        produced = run_artifact(
            artifact.engine,
            file,
            network.samples_file,
            scratch,
            inputs=network.inputs,
            outputs=network.outputs,
            threads=order.threads,
        )
        return check_hop(artifact.engine, network.samples, produced, classifier=network.is_classifier)
