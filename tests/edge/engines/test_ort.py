from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from edge.bench.evidence.host import Host
from edge.bench.evidence.processes import status
from edge.engines import Session, open_session
from edge.engines.ort import providers
from edge.errors import BundleError, InputError, SessionError
from edge.manifest import TensorSpec
from tests.support.bundles import FIXTURE
from tests.support.format_1 import INPUTS, OUTPUTS, sample
from tests.support.onnx_models import FLOAT, model, save, value


def resident_kib() -> int:
    return status(Host(), f"proc/{os.getpid()}/status")["VmRSS"]


def network(threads: int | None = 1, *, strict: bool = False, provider: tuple[str, ...] = ()) -> Session:
    return open_session(
        "onnxruntime",
        FIXTURE / "network.onnx",
        inputs=INPUTS,
        outputs=OUTPUTS,
        threads=threads,
        strict=strict,
        providers=provider,
    )


@pytest.mark.parametrize("batch", [1, 3])
def test_it_computes_the_network(batch: int) -> None:
    one = sample(batch)
    outputs = network().run(one.inputs)
    assert list(outputs) == ["y", "s"]
    np.testing.assert_allclose(outputs["y"], np.float32(one.expected["y"]), atol=1e-5)
    np.testing.assert_array_equal(outputs["s"], one.expected["s"])


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64", "int32", "int8", "uint8", "bool"])
def test_every_dtype_passes_through(tmp_path: Path, dtype: str) -> None:
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = helper.make_graph(
        [helper.make_node("Identity", ["a"], ["b"])],
        "identity",
        [helper.make_tensor_value_info("a", kind, ["batch", 2])],
        [helper.make_tensor_value_info("b", kind, ["batch", 2])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    a, b = (TensorSpec(name=name, dtype=dtype, shape=("batch", 2)) for name in "ab")
    given = np.array([[0, 1], [1, 0]], dtype)
    found = open_session("onnxruntime", tmp_path / "m.onnx", inputs=(a,), outputs=(b,)).run({"a": given})["b"]
    assert found.dtype == given.dtype
    np.testing.assert_array_equal(found, given)


def test_feeds_are_checked() -> None:
    with pytest.raises(InputError, match="'mask' is missing"):
        network().run({name: array for name, array in sample(1).inputs.items() if name != "mask"})


def test_a_bound_query_computes_the_same_each_time() -> None:
    one, session = sample(3), network()
    query = session.bind(one.inputs)
    query()
    np.testing.assert_allclose(query()["y"], np.float32(one.expected["y"]), atol=1e-5)
    with pytest.raises(InputError, match="is missing"):
        session.bind({})


def test_a_closed_session_says_so() -> None:
    session = network()
    session.close()
    session.close()
    for use in (session.run, session.bind):
        with pytest.raises(SessionError, match="closed"):
            use(sample(1).inputs)


def test_other_inputs_or_outputs_than_the_manifests_are_the_bundles_fault() -> None:
    renamed = (TensorSpec(name="z", dtype="float32", shape=("batch", 3)), OUTPUTS[1])
    with pytest.raises(BundleError, match="the model has"):
        open_session("onnxruntime", FIXTURE / "network.onnx", inputs=INPUTS, outputs=renamed)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x08" * 50])
def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.onnx").write_bytes(content)
    with pytest.raises(SessionError, match=r"m\.onnx: ONNX Runtime refused it") as caught:
        open_session("onnxruntime", tmp_path / "m.onnx", inputs=INPUTS, outputs=OUTPUTS)
    assert "\n" not in caught.value.message
    assert caught.value.__cause__ is not None


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=r"none\.onnx"):
        open_session("onnxruntime", tmp_path / "none.onnx", inputs=INPUTS, outputs=OUTPUTS)


def test_what_fails_while_running_is_translated(tmp_path: Path) -> None:
    shape = helper.make_tensor("shape", TensorProto.INT64, [1], [7])
    graph = helper.make_graph(
        [helper.make_node("Reshape", ["a", "shape"], ["b"])],
        "reshape",
        [helper.make_tensor_value_info("a", TensorProto.FLOAT, ["batch"])],
        [helper.make_tensor_value_info("b", TensorProto.FLOAT, [7])],
        [shape],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    a = TensorSpec(name="a", dtype="float32", shape=("batch",))
    b = TensorSpec(name="b", dtype="float32", shape=(7,))
    session = open_session("onnxruntime", tmp_path / "m.onnx", inputs=(a,), outputs=(b,))
    with pytest.raises(SessionError, match=r"m\.onnx"):
        session.run({"a": np.ones(3, np.float32)})


def test_weights_outside_the_bundle_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(np.ones(3, np.float32).tobytes())
    folder = tmp_path / "bundle"
    folder.mkdir()
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value="../secret")
    graph = helper.make_graph(
        [helper.make_node("Add", ["a", "w"], ["b"])],
        "outside",
        [helper.make_tensor_value_info("a", TensorProto.FLOAT, [3])],
        [helper.make_tensor_value_info("b", TensorProto.FLOAT, [3])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    a, b = (TensorSpec(name=name, dtype="float32", shape=(3,)) for name in "ab")
    with pytest.raises(SessionError):
        open_session("onnxruntime", folder / "m.onnx", inputs=(a,), outputs=(b,))


def test_a_provider_that_is_not_there_is_an_error_or_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    missing = ("NoSuchExecutionProvider", "CPUExecutionProvider")
    with pytest.raises(SessionError, match="NoSuchExecutionProvider"):
        network(strict=True, provider=missing)
    with caplog.at_level(logging.WARNING):
        assert list(network(provider=missing).run(sample(1).inputs)) == ["y", "s"]
    assert "NoSuchExecutionProvider" in caplog.text
    assert "CPUExecutionProvider" in providers()


def test_no_threads_are_a_wrong_option() -> None:
    with pytest.raises(InputError, match="0 threads"):
        network(threads=0)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_threads_that_were_asked_for_run(threads: int) -> None:
    def running() -> int:
        return sum(1 for _ in Path("/proc/self/task").iterdir())

    before = running()
    session = network(threads=threads, strict=True)
    assert running() - before == threads - 1 == session.threads - 1
    session.close()
    assert running() == before


@pytest.mark.parametrize("spare", [False, True])
def test_memory_of_an_inference_is_given_back_where_that_is_asked(tmp_path: Path, spare: bool) -> None:
    """A product of 64 MB between an input and an output of a few numbers."""
    nodes = [
        helper.make_node("MatMul", ["column", "row"], ["product"]),
        helper.make_node("ReduceMax", ["product"], ["y"], keepdims=0),
    ]
    column = TensorSpec(name="column", dtype="float32", shape=("n", 1))
    row, most = (TensorSpec(name=name, dtype="float32", shape=shape) for name, shape in (("row", (1, "n")), ("y", ())))
    made = model(nodes, [value("column", FLOAT, ["n", 1]), value("row", FLOAT, [1, "n"])], [value("y", FLOAT, [])], {})
    session = open_session(
        "onnxruntime", save(made, tmp_path / "m.onnx"), inputs=(column, row), outputs=(most,), threads=1, spare=spare
    )
    small, large = (
        {"column": np.ones((side, 1), np.float32), "row": np.ones((1, side), np.float32)} for side in (16, 4096)
    )
    session.run(small)  # what was taken first is kept
    before = resident_kib()
    for _ in range(2):
        assert session.run(large)["y"] == 1
    kept = (resident_kib() - before) >> 10
    session.close()
    assert kept < 16 if spare else kept > 48
