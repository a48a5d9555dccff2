"""The child that quantises one part of a network at a time."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from packager.quantise.feeds import read_feeds, write_feeds
from packager.quantise.improve.graft import grafts
from packager.quantise.improve.sensitivity import sensitivities


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"parts"}`: nodes and error of each part, worst first, on the first `calls` of the feeds."""
    folder = Path(request["folder"])
    few = folder / "few.safetensors"
    write_feeds(few, islice(read_feeds(Path(request["feeds"])), request["calls"]))
    fp32 = Path(request["fp32"])
    found = sensitivities(fp32, few, grafts(fp32, Path(request["quantised"]), folder))
    return {"parts": [{"nodes": one.nodes, "error": one.error} for one in found]}
