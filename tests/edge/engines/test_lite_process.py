"""Paddle Lite for real, in the interpreter that has it; `edge.engines.lite` itself runs in that child."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from edge.engines import Session, lite_process, open_session
from edge.engines.lite_process import LiteProcess, version
from edge.errors import BundleError, InputError, SessionError
from edge.manifest import TensorSpec
from tests.support.bundles import FIXTURE
from tests.support.format_1 import INPUTS, OUTPUTS, sample
from tests.support.programs import ProgramMaker

MODEL = FIXTURE / "network.x86.nb"


def start(path: Path = MODEL, *, outputs: tuple[TensorSpec, ...] = OUTPUTS, threads: int = 1) -> Session:
    return open_session("paddlelite", path, inputs=INPUTS, outputs=outputs, threads=threads, strict=True)


@pytest.fixture(scope="module")
def network() -> Iterator[Session]:
    session = start()
    yield session
    session.close()


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.parametrize("batch", [3, 1, 2])
def test_it_computes_the_network_at_any_shape(network: Session, batch: int) -> None:
    one = sample(batch)
    outputs = network.run(one.inputs)
    assert list(outputs) == ["y", "s"]
    np.testing.assert_allclose(outputs["y"], np.float32(one.expected["y"]), atol=1e-5)
    np.testing.assert_array_equal(outputs["s"], one.expected["s"])


def test_a_convolution_follows_the_sizes_of_its_input(tmp_path: Path) -> None:
    """The values are whole numbers, so every order of adding gives the same sum."""
    from packager.emit.to_lite import to_lite
    from packager.emit.to_paddle import PaddleModel
    from tests.support.engines import save

    chance = np.random.default_rng(0)
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 16, "height", "width"))
    weight = chance.integers(-9, 9, (16, 16, 3, 3)).astype(np.float32)
    how = {"strides": [1, 1], "paddings": [1, 1], "dilations": [1, 1], "groups": 1, "data_format": "NCHW"}
    slots = {"Input": x, "Filter": maker.constant(weight)}
    program = maker.program(y=maker.emit("conv2d", slots, how, out="Output"))
    model = to_lite(PaddleModel(*save(program, tmp_path)), tmp_path, name="conv", place="x86").file
    session = open_session("paddlelite", model, inputs=program.inputs, outputs=program.outputs, threads=1)
    for shape in ((1, 16, 16, 16), (2, 16, 16, 16), (1, 16, 16, 20), (1, 16, 16, 16)):
        pixels = chance.integers(-9, 9, shape).astype(np.float32)
        around = np.pad(pixels, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3), axis=(2, 3))
        expected = np.einsum("bchwij,ocij->bohw", windows, weight)
        np.testing.assert_array_equal(session.run({"x": pixels})["y"], expected, err_msg=str(shape))
    session.close()


def test_a_bound_query_is_a_run(network: Session) -> None:
    one = sample(2)
    query = network.bind(one.inputs)
    query()
    np.testing.assert_allclose(query()["y"], np.float32(one.expected["y"]), atol=1e-5)


def test_outputs_are_not_overwritten_by_the_next_run(network: Session) -> None:
    first = network.run(sample(1).inputs)["y"]
    kept = first.copy()
    network.run(sample(2).inputs)
    np.testing.assert_array_equal(first, kept)


def test_threads_take_turns(network: Session) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda batch: network.run(sample(batch).inputs)["s"], [1, 2, 3, 4] * 5))
    for place, outputs in enumerate(found):
        np.testing.assert_array_equal(outputs, sample(place % 4 + 1).expected["s"])


def test_a_bad_feed_is_refused_here_and_the_child_lives_on(network: Session) -> None:
    with pytest.raises(InputError, match="'x'"):
        network.run({**sample(1).inputs, "x": np.ones((1, 5), np.float32)})
    assert network.run(sample(1).inputs)["y"].shape == (1, 3)


def test_the_threads_that_were_asked_for_are_given() -> None:
    session = start(threads=2)
    assert session.run(sample(1).inputs)["y"].shape == (1, 3)
    session.close()


def test_closing_ends_the_child() -> None:
    before = children()
    session = start()
    assert len(children() - before) == 1
    session.close()
    session.close()
    assert children() == before
    with pytest.raises(SessionError, match="closed"):
        session.run(sample(1).inputs)


def test_a_forgotten_session_leaves_no_child() -> None:
    before = children()
    session = start()
    assert children() != before
    del session
    assert children() == before


OPEN_TO_THE_END = """
import sys
from edge.bundle import open_bundle
from edge.engines import open_session

bundle = open_bundle(sys.argv[1])
stage = bundle.manifest.stages[0]
opened = open_session("paddlelite", bundle.file("network.x86.nb"), inputs=stage.inputs, outputs=stage.outputs)
print(getattr(opened, "process_id", "none"))
raise SystemExit(7)
"""


def test_a_session_that_is_open_at_the_end_ends_its_child() -> None:
    command = [sys.executable, "-c", OPEN_TO_THE_END, str(FIXTURE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")
    assert not Path("/proc", done.stdout.strip()).exists()


def test_the_death_of_the_child_is_told() -> None:
    session = start()
    assert isinstance(session, LiteProcess)
    os.kill(session.process_id, signal.SIGKILL)
    with pytest.raises(SessionError, match=r"network\.x86\.nb: Paddle Lite's process ended with -9"):
        session.run(sample(1).inputs)
    with pytest.raises(SessionError):
        session.run(sample(1).inputs)
    session.close()


def test_after_an_interrupted_run_no_answer_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    before = children()
    session = start()
    with monkeypatch.context() as patch:
        patch.setattr(lite_process, "read_frame", interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.run(sample(1).inputs)
    with pytest.raises(SessionError, match="closed"):
        session.run(sample(2).inputs)
    assert children() == before


def test_what_makes_the_engine_abort_ends_in_an_error_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "m.nb").write_bytes(MODEL.read_bytes()[:40] + b"\xff" * 400)
    before = children()
    with pytest.raises(SessionError, match=r"m\.nb: Paddle Lite's process ended with -6.*Check failed"):
        start(tmp_path / "m.nb")
    assert children() == before


@pytest.mark.parametrize("content", [b"", b"\x02", b"no model"])
def test_what_is_no_model_is_refused_before_the_engine_sees_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.nb").write_bytes(content)
    with pytest.raises(SessionError, match=r"m\.nb is no Paddle Lite model"):
        start(tmp_path / "m.nb")


def test_other_outputs_than_the_manifests_are_the_bundles_fault() -> None:
    with pytest.raises(BundleError, match="1 outputs, the model has"):
        start(outputs=OUTPUTS[:1])


def test_it_has_no_providers() -> None:
    with pytest.raises(SessionError, match="no providers"):
        open_session("paddlelite", MODEL, inputs=INPUTS, outputs=OUTPUTS, providers=("CUDAExecutionProvider",))


def test_modules_in_the_current_folder_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "paddlelite", "json", "edge"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    session = start()
    assert session.run(sample(1).inputs)["y"].shape == (1, 3)
    session.close()


def test_without_an_interpreter_the_remedy_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON")
    with pytest.raises(SessionError) as caught:
        start()
    assert "EDGEPACK_LITE_PYTHON" in caught.value.remedy


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/false", "/"])
def test_an_interpreter_that_does_not_work_is_told(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    monkeypatch.setenv("EDGEPACK_LITE_PYTHON", python)
    with pytest.raises(SessionError, match=python):
        version()
    with pytest.raises(SessionError):
        start()


def test_metadata_without_a_library_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "paddlelite-2.13.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Name: paddlelite\nVersion: 2.13\n")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setenv("EDGEPACK_LITE_PYTHON", str(python))
    with pytest.raises(SessionError, match="no paddlelite that works") as caught:
        version()
    assert "edgepack[paddlelite]" in caught.value.remedy


def test_the_version_is_paddle_lites() -> None:
    assert version().startswith("2.")


@pytest.mark.parametrize("threads", [1, 2])
def test_the_child_says_how_many_threads_it_has(threads: int) -> None:
    session = start(threads=threads)
    assert session.threads == threads
    session.close()
