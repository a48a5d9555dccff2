"""An ONNX file becomes a bundle: what ships computes what ONNX Runtime makes of the file as it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

import edge
from edge.bundle import Bundle, open_bundle
from edge.errors import InputError
from edge.verify import verify
from packager import Order, build
from packager.emit.onnx_passes import names
from packager.errors import LicenceError, ParityError, SourceError, UnsupportedModelError
from tests.support.onnx_models import FLOAT, INT64, model, save, value, words

MIT = ("MIT",)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("onnx")
    return build(str(save(words(), folder / "words.onnx")), folder / "words.edge", allow_licences=MIT)


def test_a_file_becomes_a_bundle_with_its_names_symbols_and_parity(bundle: Bundle) -> None:
    (stage,) = bundle.manifest.stages
    assert [(spec.name, spec.dtype, spec.shape) for spec in (*stage.inputs, *stage.outputs)] == [
        ("input_ids", "int64", ("batch", "sequence")),
        ("attention_mask", "int64", ("batch", "sequence")),
        ("embedding", "float32", ("batch", 8)),
    ]
    ((hop,), (artifact,)) = stage.parity, stage.artifacts
    assert (hop.hop, hop.samples, hop.batches) == ("onnxruntime", 4, (1, 3))
    assert (artifact.engine, artifact.opset, artifact.ir, artifact.minimum_engine) == ("onnxruntime", 17, 8, "1.12")
    assert (bundle.manifest.source.kind, bundle.manifest.source.repository) == ("onnx", "words.onnx")
    assert [entry.path for entry in bundle.manifest.source.files] == ["words.onnx"]
    assert bundle.manifest.task == "tensors"


def test_the_device_computes_what_the_file_says(bundle: Bundle) -> None:
    assert verify(open_bundle(bundle.path)).checks
    feeds = {"input_ids": np.array([[4, 2, 49]]), "attention_mask": np.array([[1, 1, 0]])}
    result = edge.load(bundle.path)(feeds)
    assert isinstance(result, edge.Tensors)
    (expected,) = ReferenceEvaluator(words()).run(None, feeds)
    np.testing.assert_allclose(result.arrays["embedding"], expected, rtol=1e-5, atol=1e-6)


def test_golden_inputs_are_tokens_of_the_vocabulary_and_masks(bundle: Bundle) -> None:
    with np.load(bundle.path / "golden" / "batch-3.npz") as golden:
        ids, mask = golden["in:input_ids"], golden["in:attention_mask"]
    assert 0 <= ids.min() < 10
    assert 40 < ids.max() < 50
    assert mask.sum(axis=1).tolist() == [12, 8, 4]


def test_what_ships_is_tidied_up(bundle: Bundle) -> None:
    shipped = onnx.load(bundle.path / "model.onnx")
    assert not [node.doc_string for node in shipped.graph.node if node.doc_string]
    assert shipped.graph.node[0].name == "Gather_0"


def test_the_licence_in_its_metadata_counts(tmp_path: Path) -> None:
    made = words()
    helper.set_model_props(made, {"license": "apache-2.0"})
    built = build(str(save(made, tmp_path / "words.onnx")), tmp_path / "words.edge")
    assert (built.manifest.source.licence.id, built.manifest.source.licence.origin) == ("Apache-2.0", "metadata")
    helper.set_model_props(made, {"license": "cc-by-nc-4.0"})
    with pytest.raises(LicenceError, match=r"CC-BY-NC-4\.0"):
        build(str(save(made, tmp_path / "words.onnx")), tmp_path / "other.edge")


def test_weights_beside_the_file_are_part_of_the_source(tmp_path: Path) -> None:
    file = save(words(), tmp_path / "words.onnx", external=True)
    built = build(str(file), tmp_path / "words.edge", allow_licences=MIT)
    assert [entry.path for entry in built.manifest.source.files] == ["weights.bin", "words.onnx"]
    assert {path.name for path in built.path.iterdir()} == {"LICENSE", "bundle.json", "golden", "model.onnx"}


def test_weights_that_a_file_cannot_hold_ship_beside_it(tmp_path: Path) -> None:
    """The limit is 2 GB; the order may ask for a lower one."""
    order = Order(largest_onnx=1000)
    built = build(str(save(words(), tmp_path / "words.onnx")), tmp_path / "words.edge", order, allow_licences=MIT)
    assert (built.path / "model.onnx.data").stat().st_size == 50 * 8 * 4
    whole = sum((built.path / name).stat().st_size for name in ("model.onnx", "model.onnx.data"))
    assert built.manifest.requires.memory_bytes == 2 * whole + (96 << 20)
    assert verify(open_bundle(built.path)).checks


def test_a_scalar_stays_one_and_a_size_without_a_name_is_called_after_its_place(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceSum", ["x"], ["total"], keepdims=0),
        helper.make_node("Mul", ["x", "total"], ["y"]),
    ]
    outputs = [value("total", FLOAT, []), value("y", FLOAT, [2, None])]
    file = save(model(nodes, [value("x", FLOAT, [2, None])], outputs, {}), tmp_path / "sum.onnx")
    built = build(str(file), tmp_path / "sum.edge", allow_licences=MIT)
    (stage,) = built.manifest.stages
    assert [spec.shape for spec in (*stage.inputs, *stage.outputs)] == [(2, "axis1"), (), (2, "y_axis1")]
    assert verify(open_bundle(built.path)).checks


def test_a_model_with_branches_ships_as_it_is(tmp_path: Path) -> None:
    """The branch reads values of the graph around it, which our passes would rename."""
    twice = helper.make_graph([helper.make_node("Mul", ["plus", "two"], ["a"])], "then", [], [value("a", FLOAT, None)])
    same = helper.make_graph([helper.make_node("Identity", ["plus"], ["b"])], "else", [], [value("b", FLOAT, None)])
    nodes = [
        helper.make_node("Add", ["x", "two"], ["plus"]),
        helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0),
        helper.make_node("Greater", ["sum", "zero"], ["positive"]),
        helper.make_node("If", ["positive"], ["y"], then_branch=twice, else_branch=same),
    ]
    weights = {"two": np.full(1, 2, np.float32), "zero": np.zeros((), np.float32)}
    made = model(nodes, [value("x", FLOAT, ["n", 4])], [value("y", FLOAT, ["n", 4])], weights)
    built = build(str(save(made, tmp_path / "if.onnx")), tmp_path / "if.edge", allow_licences=MIT)
    assert [node.name for node in onnx.load(built.path / "model.onnx").graph.node] == [""] * 4


def test_a_pass_that_changes_the_numbers_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage runs in a child of this interpreter, which is given a wrong pass by its start-up file."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Wrong:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == '{names.__name__}':\n"
        "            import importlib.util as u\n"
        f"            return u.spec_from_file_location(name, {str(tmp_path / 'wrong.py')!r})\n"
        "sys.meta_path.insert(0, Wrong())\n"
    )
    (tmp_path / "wrong.py").write_text(
        "def name_nodes(graph):\n"
        "    next(one for one in graph.node if one.op_type == 'LayerNormalization').attribute.add(\n"
        "        name='epsilon', type=1, f=0.1)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ParityError, match="the output 'embedding' is off by"):
        build(str(save(words(), tmp_path / "words.onnx")), tmp_path / "words.edge", allow_licences=MIT)
    assert not (tmp_path / "words.edge").exists()


def test_inputs_of_the_users_own_count_where_none_can_be_made_up(tmp_path: Path) -> None:
    """A made-up `rows` of 1 cannot be the number of rows in x."""
    nodes = [helper.make_node("Reshape", ["x", "sizes"], ["y"])]
    inputs = [value("x", FLOAT, [6]), value("sizes", INT64, [2])]
    file = str(save(model(nodes, inputs, [value("y", FLOAT, ["a", "b"])], {}), tmp_path / "reshape.onnx"))
    with pytest.raises(
        UnsupportedModelError, match=r"does not run on inputs made up for it \(x \[6\], sizes \[2\]\)"
    ) as e:
        build(file, tmp_path / "reshape.edge", allow_licences=MIT)
    assert "--samples" in e.value.remedy
    np.savez(tmp_path / "real.npz", x=np.arange(6, dtype=np.float32), sizes=np.array([2, 3]))
    built = build(file, tmp_path / "reshape.edge", Order(samples=tmp_path / "real.npz"), allow_licences=MIT)
    assert built.manifest.stages[0].parity[0].samples == 1


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    nodes = [helper.make_node("Sqrt", ["x"], ["y"])]
    made = model(nodes, [value("x", FLOAT, ["batch", 9])], [value("y", FLOAT, ["batch", 9])], {})
    with pytest.raises(UnsupportedModelError, match="undefined numbers in 'y'"):
        build(str(save(made, tmp_path / "sqrt.onnx")), tmp_path / "sqrt.edge", allow_licences=MIT)


def test_there_is_no_other_task_and_no_paddle_lite(tmp_path: Path) -> None:
    file = str(save(words(), tmp_path / "words.onnx"))
    with pytest.raises(InputError, match="cannot be built as feature-extraction"):
        build(file, tmp_path / "a.edge", Order(task="feature-extraction"), allow_licences=MIT)
    with pytest.raises(InputError, match=r"paddlelite cannot be built for this source: .*importer"):
        build(file, tmp_path / "b.edge", Order(engines=("paddlelite",)), allow_licences=MIT)
    assert [path.name for path in tmp_path.iterdir()] == ["words.onnx"]


@pytest.mark.parametrize("pretended", [1 << 40, 3])
def test_a_weight_that_claims_more_than_there_is_is_refused(pretended: int, tmp_path: Path) -> None:
    made = words()
    made.graph.initializer[0].dims[0] = pretended
    with pytest.raises(SourceError, match="the weight 'table' has 1600 bytes, its shape needs"):
        build(str(save(made, tmp_path / "words.onnx")), tmp_path / "words.edge", allow_licences=MIT)


def test_a_graph_that_asks_for_all_memory_is_refused_in_one_line(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ConstantOfShape", ["huge"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["none"], keepdims=0),
        helper.make_node("Add", ["x", "none"], ["y"]),
    ]
    weights = {"huge": np.array([1 << 40])}
    made = model(nodes, [value("x", FLOAT, ["n"])], [value("y", FLOAT, ["n"])], weights)
    with pytest.raises(edge.EdgeError, match=r"bomb\.onnx") as caught:
        build(str(save(made, tmp_path / "bomb.onnx")), tmp_path / "bomb.edge", allow_licences=MIT)
    assert len(str(caught.value).splitlines()) == 1
    assert not (tmp_path / "bomb.edge").exists()


def test_an_input_of_texts_is_refused(tmp_path: Path) -> None:
    nodes = [helper.make_node("Identity", ["x"], ["y"])]
    made = model(nodes, [value("x", TensorProto.STRING, [1])], [value("y", TensorProto.STRING, [1])], {})
    with pytest.raises(UnsupportedModelError, match="'x' is no tensor of"):
        build(str(save(made, tmp_path / "text.onnx")), tmp_path / "text.edge", allow_licences=MIT)


def test_the_same_file_gives_the_same_bundle(bundle: Bundle, tmp_path: Path) -> None:
    again = build(str(save(words(), tmp_path / "words.onnx")), tmp_path / "words.edge", allow_licences=MIT)
    assert json.loads((again.path / "bundle.json").read_text()) == json.loads((bundle.path / "bundle.json").read_text())
