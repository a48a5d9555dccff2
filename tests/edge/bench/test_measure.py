from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.bench.measure import measure
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.subject import golden_feeds
from edge.bundle import open_bundle
from edge.errors import BundleError, InputError, SessionError
from tests.support.bundles import FIXTURE, change_manifest, copy_bundle
from tests.support.format_1 import sample


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_golden_vectors_time_the_engine_alone(engine: str) -> None:
    done = measure(Plan(bundle=str(FIXTURE), engine=engine, threads=1, min_seconds=0, min_samples=5, warmup=0))
    assert (done.engine, done.threads, done.batch) == (engine, 1, 1)
    assert done.shapes == {"x": (1, 4), "ids": (1, 3), "mask": (1, 3)}
    assert len(done.samples) == 5
    assert done.stages == {}
    assert Measurement.from_json(done.to_json()) == done


def test_an_input_goes_through_the_whole_runtime(tmp_path: Path) -> None:
    arrays: dict[str, Any] = dict(sample(3).inputs)
    np.savez(tmp_path / "x.npz", **arrays)
    done = measure(
        Plan(bundle=str(FIXTURE), input=str(tmp_path / "x.npz"), threads=1, min_seconds=0, min_samples=4, warmup=1)
    )
    assert set(done.stages) == {"decode", "preprocess", "engine", "postprocess"}
    assert {len(samples) for samples in done.stages.values()} == {4} == {len(done.samples)}


def test_inputs_that_go_one_by_one_are_no_batch(tmp_path: Path) -> None:
    arrays: dict[str, Any] = dict(sample(3).inputs)
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(InputError, match="one input at a time"):
        measure(Plan(bundle=str(FIXTURE), input=str(tmp_path / "x.npz"), batch=2, min_seconds=0, min_samples=1))


def test_what_is_not_given_is_an_error_and_no_fallback() -> None:
    with pytest.raises(SessionError, match="CUDAExecutionProvider"):
        measure(Plan(bundle=str(FIXTURE), providers=("CUDAExecutionProvider",), min_seconds=0, min_samples=1))


def test_errors_of_the_measured_process_arrive(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such bundle") as caught:
        measure(Plan(bundle=str(tmp_path / "none.edge")))
    assert caught.value.remedy
    bundle = copy_bundle(tmp_path)
    (bundle / "LICENSE").unlink()
    with pytest.raises(BundleError, match="LICENSE"):
        measure(Plan(bundle=str(bundle)))


@pytest.mark.parametrize(
    ("batch", "file"), [(1, "golden/batch-1.npz"), (3, "golden/batch-3.npz"), (7, "golden/batch-1.npz")]
)
def test_golden_vectors_are_repeated_to_the_batch(batch: int, file: str) -> None:
    bundle = open_bundle(FIXTURE)
    title, feeds = golden_feeds(bundle, bundle.manifest.stages[0], batch)
    assert title == file
    assert {array.shape[0] for array in feeds.values()} == {batch}


def test_a_fixed_batch_is_not_repeated(tmp_path: Path) -> None:
    path = copy_bundle(tmp_path)
    change_manifest(path, lambda data: data["stages"][0]["inputs"][0].update(shape=[1, 4]))
    bundle = open_bundle(path)
    with pytest.raises(InputError, match="batch of 7"):
        golden_feeds(bundle, bundle.manifest.stages[0], 7)


def test_phases_are_told_apart() -> None:
    done = measure(Plan(bundle=str(FIXTURE), threads=1, warmup=20, min_seconds=0, min_samples=20))
    phases = done.phases
    assert min(phases.process, phases.imports, phases.verify, phases.session, phases.first, phases.warm_up) > 0
    assert phases.imports > phases.first  # libraries take a tenth of a second, this network microseconds
    assert done.warmup == 20
    assert done.seconds >= sum(done.samples)
    assert done.ends == tuple(sorted(done.ends))


def test_no_query_in_time_is_said_and_nothing_is_warmed_up_for_it() -> None:
    with pytest.raises(InputError, match=r"no query ended within 1e-09 s \(--max-seconds\); the first took") as caught:
        measure(Plan(bundle=str(FIXTURE), threads=1, warmup=10**9, max_seconds=1e-9))
    assert "more time" in caught.value.remedy


@pytest.mark.parametrize("scenario", ["single-stream", "multi-stream", "offline"])
def test_every_closed_scenario_counts_its_inputs(scenario: str) -> None:
    batch = 1 if scenario == "single-stream" else 3
    done = measure(Plan(bundle=str(FIXTURE), scenario=scenario, threads=1, batch=batch, min_seconds=0, min_samples=11))
    assert (done.scenario, done.inputs, done.shapes["x"][0]) == (scenario, 11 * batch, batch)
