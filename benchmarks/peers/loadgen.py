"""`python -m benchmarks.peers.loadgen BUNDLE SCENARIO`, under .venv-peers: MLPerf's LoadGen and our harness by turns.

Both send their queries to one open session, so that the harness is all that differs. Standard output ends with a line
of JSON: what either found in each round, and latencies with the early-stopping estimates that LoadGen made of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import mlperf_loadgen as loadgen

from edge.bench.clock import Clock
from edge.bench.plan import Plan
from edge.bench.scenarios import Run, scenario_of
from edge.bench.statistics.percentiles import percentile
from edge.bench.stop_rule import StopRule
from edge.bench.subject import Subject, open_bundle, open_subject

# Many short rounds: what else runs on the machine for seconds meets both sides of a pair, or few pairs.
ROUNDS = 150
SECONDS = 0.5
SCENARIOS = {"single-stream": loadgen.TestScenario.SingleStream, "offline": loadgen.TestScenario.Offline}
# Each with more queries than its percentile needs; LoadGen is asked for one of them at a time.
ESTIMATED = {0.5: 300, 0.9: 500, 0.95: 700, 0.99: 2000, 0.999: 10000}

Answer = Callable[[], object]


@dataclass(frozen=True)
class Found:
    """Of one round: latencies in seconds (0 where the scenario has none), and inputs per second."""

    p50: float
    p90: float
    rate: float


def ours(subject: Subject, plan: Plan) -> Found:
    """One steady phase of our scenario."""
    rule = StopRule(min_seconds=SECONDS, min_samples=1, max_seconds=10 * SECONDS)
    run = Run(subject=subject, plan=plan, rule=rule, clock=Clock(), interrupted=lambda: False)
    steady = scenario_of(plan.scenario).run(run)
    ordered = sorted(steady.samples)
    rate = steady.inputs / steady.seconds
    return Found(percentile(ordered, 0.5), percentile(ordered, 0.9), rate)


def theirs(answer: Answer, plan: Plan, expected: float) -> Found:
    """One test of LoadGen's. Offline it sends all samples at once: whole batches, of `expected` inputs a second."""
    settings = _settings(SCENARIOS[plan.scenario])
    if plan.scenario == "offline":
        settings.min_duration_ms, settings.offline_expected_qps = 0, 1
        settings.min_query_count = plan.batch * max(1, round(SECONDS * expected / plan.batch))
        said, _ = _test(answer, settings, batch=plan.batch)
        return Found(0, 0, said["result_samples_per_second"])
    settings.min_duration_ms, settings.min_query_count = int(SECONDS * 1000), 1
    settings.single_stream_expected_latency_ns = int(1e9 / expected)
    said, _ = _test(answer, settings, batch=plan.batch)
    p50, p90 = (said[f"result_{share}.00_percentile_latency_ns"] / 1e9 for share in (50, 90))
    return Found(p50, p90, said["result_qps_with_loadgen_overhead"])


def estimates() -> list[dict[str, Any]]:
    """LoadGen's estimate of each percentile with the latencies that it had, of answers that take different times."""
    found = []
    for share, queries in ESTIMATED.items():
        settings = _settings(loadgen.TestScenario.SingleStream)
        settings.min_duration_ms, settings.min_query_count, settings.max_query_count = 0, queries, queries
        settings.single_stream_target_latency_percentile = share
        # An upper bound, so that enough queries are prepared.
        settings.single_stream_expected_latency_ns = 1_000_000
        said, latencies = _test(_uneven(), settings, batch=1, trace=True)
        found.append({"share": share, "estimate": said["early_stopping_latency_ss"], "latencies": latencies})
    return found


def _uneven() -> Answer:
    """Answers after 10 to 80 microseconds, by a fixed order that has no period of note."""
    count = 0

    def answer() -> None:
        nonlocal count
        count = (count * 1103515245 + 12345) % (1 << 31)
        until = time.perf_counter_ns() + 10_000 + count % 70_000
        while time.perf_counter_ns() < until:
            pass

    return answer


def _settings(scenario: Any) -> Any:
    settings = loadgen.TestSettings()
    settings.scenario, settings.mode = scenario, loadgen.TestMode.PerformanceOnly
    return settings


def _test(answer: Answer, settings: Any, *, batch: int, trace: bool = False) -> tuple[dict[str, Any], list[int]]:
    """Run one test: what its log says by key, and where traced the latency of each query in nanoseconds."""

    def issue(samples: Sequence[Any]) -> None:
        for start in range(0, len(samples), batch):
            answer()
            done = [loadgen.QuerySampleResponse(one.id, 0, 0) for one in samples[start : start + batch]]
            loadgen.QuerySamplesComplete(done)

    with tempfile.TemporaryDirectory() as folder:
        logs = loadgen.LogSettings()
        output = loadgen.LogOutputSettings()
        output.outdir = folder
        logs.log_output, logs.enable_trace = output, trace
        system = loadgen.ConstructSUT(issue, lambda: None)
        library = loadgen.ConstructQSL(1, 1, lambda _: None, lambda _: None)
        loadgen.StartTestWithLogSettings(system, library, settings, logs)
        loadgen.DestroyQSL(library)
        loadgen.DestroySUT(system)
        return _said(Path(folder) / "mlperf_log_detail.txt"), _latencies(Path(folder) / "mlperf_log_trace.json")


def _said(log: Path) -> dict[str, Any]:
    lines = log.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line.partition("MLLOG ")[2]) for line in lines if "MLLOG " in line]
    return {event["key"]: event["value"] for event in events}


def _latencies(trace: Path) -> list[int]:
    """From the line that begins each sample; the file as a whole is no valid JSON."""
    lines = trace.read_text(encoding="utf-8").splitlines() if trace.exists() else []
    begun = [json.loads(line.rstrip(",")) for line in lines if '"name":"Sample"' in line and '"ph":"b"' in line]
    return [event["args"]["complete_ns"] for event in begun]


def main(bundle: str, scenario: str) -> None:
    """Alternate, which of them goes first too."""
    plan = Plan(bundle=bundle, scenario=scenario, engine="onnxruntime", threads=1, batch=scenario_of(scenario).batch)
    subject = open_subject(open_bundle(bundle), plan)
    rounds: list[dict[str, Any]] = []
    rate = ours(subject, plan).rate
    for number in range(ROUNDS):
        if number % 2:
            mine, other = ours(subject, plan), theirs(subject.run, plan, rate)
        else:
            other, mine = theirs(subject.run, plan, rate), ours(subject, plan)
        rounds.append({"ours": asdict(mine), "theirs": asdict(other)})
    subject.model.close()
    found = {"rounds": rounds, "estimates": estimates() if scenario == "single-stream" else []}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
