"""Builds bundles with the command and reads what was measured from their manifests."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.commands import Done, succeed
from benchmarks.models.packaged import minilm
from benchmarks.places import ROOT
from edge.bundle import open_bundle
from edge.manifest import Hop, Manifest

LITE_PYTHON = ROOT / ".venv-lite" / "bin" / "python"


def engines() -> tuple[str, ...]:
    """What can be built here: without an interpreter for Paddle Lite only ONNX Runtime's artifact."""
    if LITE_PYTHON.exists():
        os.environ.setdefault("EDGEPACK_LITE_PYTHON", str(LITE_PYTHON))
    return ("onnxruntime", "paddlelite") if os.environ.get("EDGEPACK_LITE_PYTHON") else ("onnxruntime",)


def build(
    source: str | Path, out: Path, *options: str, environment: Mapping[str, str] | None = None
) -> tuple[Manifest, Done]:
    """`packager build` with every engine there is, over what an earlier run left."""
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    wanted = ("--engine", ",".join(engines()))
    done = succeed("packager", "build", source, "-o", out, *wanted, *options, environment=environment)
    return open_bundle(out).manifest, done


def sentences(folder: Path) -> Path:
    """A bundle of all-MiniLM-L6-v2 with every engine there is; once for each folder."""
    out = folder / "minilm.edge"
    if not out.exists():
        build(minilm(), out)
    return out


def hops(manifest: Manifest) -> list[Hop]:
    """Every hop and output that was measured."""
    return [hop for stage in manifest.stages for hop in stage.parity]


def answers(bundle: Path, engine: str, *inputs: str | Path) -> list[dict[str, Any]]:
    """`edge run --json`: one object for each input."""
    done = succeed("edge", "run", bundle, *inputs, "--engine", engine, "--json")
    return [json.loads(line) for line in done.out.splitlines()]


def labels(bundle: Path, engine: str, inputs: Sequence[Path]) -> list[str]:
    """The best label of each input, in the order of the inputs."""
    return [str(one["labels"][0]) for one in answers(bundle, engine, *inputs)]
