"""`python -m benchmarks.shows 3 4`: `edge bench` on MiniLM, its three outputs, and `edge compare` of what it wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bundles import sentences
from benchmarks.commands import succeed
from benchmarks.goals import Row, at_least, equal
from benchmarks.shows.suites import run_suites
from edge.bench.record import read_measurement

TEXT = "A small board runs the model."
RUNS = 4
"""Of each side, by turns: how much runs of one thing differ is then known."""


def run(folder: Path) -> Iterator[Row]:
    """Measure once with every output, then one thing twice, then one and two threads."""
    bundle = sentences(folder)
    yield from _outputs(bundle, folder)
    sides = {"one": ("1",), "same": ("1",), "two": ("2",)}
    for number in range(RUNS):
        for side, (threads,) in sides.items():
            out = folder / side / f"{number}.json"
            out.parent.mkdir(exist_ok=True)
            batch = ("--batch", "8", "--threads", threads, "--min-seconds", "2", "--no-limit")
            succeed("edge", "bench", bundle, "--engine", "onnxruntime", *batch, "-o", out)
    same = _compared(folder / "one", folder / "same")
    yield equal("compare of one thing with itself", same["answer"], "no difference")
    more = _compared(folder / "one", folder / "two")
    ratio = more["ratio"]
    figure = f"{more['answer']}: {ratio['middle']:.2f} times as long, {ratio['low']:.2f} to {ratio['high']:.2f} (95%)"
    yield Row("compare of one thread with two says which is faster, by how much", figure, more["answer"] == "faster")


def _outputs(bundle: Path, folder: Path) -> Iterator[Row]:
    record, page = folder / "record.json", folder / "page.html"
    options = ("--engine", "onnxruntime", "--threads", "1", "-o", record, "--report", page)
    done = succeed("edge", "bench", bundle, TEXT, *options)
    lines = done.out.splitlines()
    verdict = next((line for line in lines if line in ("VALID", "UNSTABLE", "INVALID")), "none")
    yield Row("the table ends with a verdict", f"{len(lines)} lines, {verdict}", verdict != "none")
    for word in ("cold start", "p50", "engine", "peak memory"):
        yield Row(
            f"the table tells {word}", next((line for line in lines if word in line), "nothing"), word in done.out
        )
    found = read_measurement(record)
    figure = (
        f"{len(found.samples)} samples, stages {', '.join(found.stages)}, {len(found.conditions.readings)} readings"
    )
    yield Row("the record holds all samples", figure, len(found.samples) >= found.stop.min_samples)
    share = (
        f"{found.limit.share(sorted(found.stages['engine'])[len(found.samples) // 2]):.0%}" if found.limit else "none"
    )
    yield Row("the record knows the machine's limit", f"{share} of it reached", found.limit is not None)
    yield at_least("charts in the page", page.read_text(encoding="utf-8").count("<svg"), 2)
    suite = {
        "the page in Chromium: nothing loaded, light and dark, wide and narrow": "tests/edge/bench/report/test_page.py"
    }
    yield from run_suites(suite, folder)


def _compared(first: Path, second: Path) -> dict[str, Any]:
    done = succeed("edge", "compare", first, second, "--json")
    answer: dict[str, Any] = json.loads(done.out)
    return answer
