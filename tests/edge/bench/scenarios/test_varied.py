"""Queries of many sizes through real engines, and what is kept of their memory."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from edge.bench.measure import measure
from edge.bench.plan import Plan
from edge.bench.scenarios.varied import Query, open_sizes, varied_queries
from edge.bench.subject import VARIED, open_subject
from edge.bundle import open_bundle
from edge.errors import InputError
from edge.manifest import Stage, TensorSpec
from tests.support.bundles import FIXTURE
from tests.support.models import colour_bundle, theme_bundle


def drawn(plan: Plan, count: int = 30) -> list[Query]:
    subject = open_subject(open_bundle(plan.bundle), plan)
    try:
        queries = list(itertools.islice(varied_queries(subject, plan), count))
        for query in queries:
            query.run()
        return queries
    finally:
        subject.model.close()


def plan_for(bundle: Path, given: object = "", **options: Any) -> Plan:
    return Plan(bundle=str(bundle), input=str(given), scenario=VARIED, threads=1, **options)


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_golden_vectors_get_sizes_between_those_that_they_have(engine: str) -> None:
    queries = drawn(plan_for(FIXTURE, engine=engine, batch=2))
    assert {query.key for query in queries} == {(("length", 3),), (("length", 4),), (("length", 5),)}


def test_a_seed_draws_the_same_queries_again() -> None:
    first, again, other = ([query.key for query in drawn(plan_for(FIXTURE, seed=seed), 12)] for seed in (3, 3, 4))
    assert first == again != other


def test_sizes_keep_the_step_that_all_seen_ones_have() -> None:
    spec = TensorSpec(name="x", dtype="float32", shape=("batch", 3, "height", "width"))
    stage = Stage(
        name="n", inputs=(spec,), outputs=(), preprocess=(), postprocess=(), artifacts=(), parity=(), golden=()
    )
    seen: list[dict[str, Any]] = [{"x": np.zeros(shape)} for shape in ((1, 3, 64, 48), (2, 3, 128, 48), (1, 3, 96, 48))]
    assert open_sizes(stage, seen) == {"height": range(64, 129, 32), "width": range(48, 49, 48)}


def test_one_image_is_cropped_and_one_text_is_cut(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "red.png")
    sizes = {query.key for query in drawn(plan_for(colour_bundle(tmp_path / "c.edge"), tmp_path / "red.png"))}
    assert len(sizes) > 20
    for size in sizes:
        height, width, top, left = np.array(size)[0]
        assert 5 <= height <= 20 - top
        assert 10 <= width <= 40 - left
    words = {query.key for query in drawn(plan_for(theme_bundle(tmp_path / "t.edge"), "red blue green red red blue"))}
    assert words == {(count,) for count in (2, 3, 4, 5, 6)}
    assert {query.key for query in drawn(plan_for(tmp_path / "t.edge", "x" * 5000), 3)} == {(1,)}


def test_all_inputs_of_a_folder_and_lines_of_a_file_take_their_turn(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for size in range(3, 8):
        Image.new("RGB", (size, size), "red").save(tmp_path / "images" / f"{size}.png")
    bundle = colour_bundle(tmp_path / "c.edge")
    keys = [query.key for query in drawn(plan_for(bundle, tmp_path / "images"), 10)]
    assert {*keys[:5]} == {*keys[5:]} == {(place,) for place in range(5)}
    assert keys[:5] != keys[5:]
    (tmp_path / "texts.txt").write_text("red\nblue\n")
    keys = [
        query.key for query in drawn(plan_for(theme_bundle(tmp_path / "t.edge"), tmp_path / "texts.txt", batch=2), 3)
    ]
    assert all(isinstance(key, tuple) and sorted(key) == [0, 1] for key in keys)


def test_memory_is_kept_after_every_query() -> None:
    done = measure(plan_for(FIXTURE, min_seconds=0, min_samples=50))
    assert done.growth is not None
    assert (len(done.samples), done.growth.varied, done.growth.seed) == (50, 3, 0)
    assert len(done.growth.resident) == 51
    assert 10 << 20 < min(done.growth.resident) <= max(done.growth.resident) <= done.peak_memory


def test_a_folder_is_for_this_scenario_alone(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "c.edge")
    with pytest.raises(InputError, match="is a folder"):
        measure(Plan(bundle=str(bundle), input=str(tmp_path)))
    with pytest.raises(InputError, match=r"has no \.jpg"):
        measure(plan_for(bundle, bundle))


def test_a_bad_input_among_good_ones_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (9, 9), "red").save(tmp_path / "images" / "a.png")
    (tmp_path / "images" / "b.png").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"b\.png"):
        measure(plan_for(colour_bundle(tmp_path / "c.edge"), tmp_path / "images", min_seconds=0))
