"""An ONNX file is looked at before any engine loads it; whoever wrote it may be hostile."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, StringStringEntryProto, TensorProto, helper

from packager.errors import SourceError, UnsupportedModelError
from packager.hub.onnx_file import companions, read_header
from packager.hub.onnx_signature import index_limits, inputs
from packager.hub.source import kind_of, resolve
from tests.support.onnx_models import FLOAT, INT64, model, save, value, words


def rewritten(file: Path, **entries: str) -> Path:
    """The model with other words about where its external weights are."""
    made = onnx.load(file, load_external_data=False)
    for tensor in made.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            kept = {one.key: one.value for one in tensor.external_data} | entries
            del tensor.external_data[:]
            tensor.external_data.extend(StringStringEntryProto(key=key, value=text) for key, text in kept.items())
    file.write_bytes(made.SerializeToString())
    return file


def test_a_header_says_what_goes_in_and_out(tmp_path: Path) -> None:
    header = read_header(save(words(), tmp_path / "words.onnx", external=True))
    assert [spec.name for spec in header.inputs] == ["input_ids", "attention_mask"]
    assert header.outputs[0].shape == ("batch", 8)
    assert (header.limits, header.opset, header.ir) == ({"input_ids": 50}, 17, 8)


def test_it_is_pinned_by_the_contents_of_all_its_files(tmp_path: Path) -> None:
    file = save(words(), tmp_path / "words.onnx", external=True)
    assert kind_of(str(file)) == "onnx"
    assert companions(file) == (["weights.bin"], "")
    source = resolve(str(file), allow_licences=["MIT"])
    assert (source.kind, source.repository, source.folder) == ("onnx", "words.onnx", tmp_path)
    assert resolve(str(file), revision=source.revision, allow_licences=["MIT"]) == source
    with (tmp_path / "weights.bin").open("r+b") as weights:
        weights.write(b"\1")
    with pytest.raises(SourceError, match="has the content"):
        resolve(str(file), revision=source.revision, allow_licences=["MIT"])


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "weights/../../secret", "a\\b", "."])
def test_weights_outside_of_the_folder_are_refused(location: str, tmp_path: Path) -> None:
    file = rewritten(save(words(), tmp_path / "words.onnx", external=True), location=location)
    with pytest.raises(SourceError, match="outside of its folder"):
        resolve(str(file), allow_licences=["MIT"])


def test_so_are_weights_behind_a_link_that_leaves_it(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    file = save(words(), folder / "words.onnx", external=True)
    (folder / "weights.bin").rename(tmp_path / "secret")
    (folder / "weights.bin").symlink_to("../secret")
    with pytest.raises(SourceError, match="leaves the model's folder"):
        resolve(str(file), allow_licences=["MIT"])


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    file = save(words(), tmp_path / "words.onnx", external=True)
    (tmp_path / "weights.bin").unlink()
    with pytest.raises(SourceError, match=r"weights\.bin cannot be read"):
        resolve(str(file), allow_licences=["MIT"])


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"offset": "4"}, "bytes 4 to 1604 of weights.bin, which has 1600"),
        ({"length": str(1 << 50)}, "bytes 0 to .* of weights.bin, which has 1600"),
        ({"offset": "-1"}, "bytes -1 to"),
        ({"length": "many"}, "an offset or a length that is no number"),
    ],
)
def test_weights_that_reach_behind_the_end_are_refused(entries: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        read_header(rewritten(save(words(), tmp_path / "words.onnx", external=True), **entries))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it has no graph"),
        (b"\x08\x08", "it has no graph"),
        (b"PK\x03\x04 not a model", "not an ONNX model, or is cut off"),
        (words().SerializeToString()[:-7], "not an ONNX model, or is cut off"),
    ],
)
def test_what_is_no_model_is_told_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        resolve(str(tmp_path / "model.onnx"), allow_licences=["MIT"])
    assert len(caught.value.message.splitlines()) == 1
    assert caught.value.remedy


def test_a_file_over_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    os.truncate(tmp_path / "model.onnx", 2**31)  # takes no room
    with pytest.raises(SourceError, match="more than an ONNX file can have"):
        companions(tmp_path / "model.onnx")


def older(made: ModelProto) -> None:
    made.opset_import[0].version = 6


def newer(made: ModelProto) -> None:
    made.opset_import[0].version = 99


def later_format(made: ModelProto) -> None:
    made.ir_version = 99


def stranger(made: ModelProto) -> None:
    made.graph.node[0].domain = "own.operators"
    made.opset_import.append(helper.make_opsetid("own.operators", 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (older, "operator set 6, ONNX Runtime takes 7 to 28"),
        (newer, "operator set 99"),
        (later_format, "IR version 99, ONNX Runtime takes up to 14"),
        (stranger, r"operators of 'own\.operators'"),
    ],
)
def test_what_no_device_takes_is_refused(change: object, message: str, tmp_path: Path) -> None:
    made = words()
    change(made)  # type: ignore[operator]
    with pytest.raises(UnsupportedModelError, match=message):
        read_header(save(made, tmp_path / "words.onnx"))


def test_what_breaks_the_rules_of_onnx_is_refused(tmp_path: Path) -> None:
    made = words()
    made.graph.node[1].input[0] = "nowhere"
    with pytest.raises(SourceError, match=r"breaks ONNX's rules: .*nowhere"):
        read_header(save(made, tmp_path / "words.onnx"))


def test_a_folder_with_nothing_but_the_file_leads_to_it(tmp_path: Path) -> None:
    file = save(words(), tmp_path / "words.onnx")
    with pytest.raises(SourceError) as caught:
        resolve(str(tmp_path))
    assert caught.value.remedy == f"give the file: {file}"


def test_sizes_without_a_name_are_called_after_their_place() -> None:
    nodes = [helper.make_node("Add", ["a", "b"], ["y"])]
    ends = [value("a", FLOAT, [None, 3, "?"]), value("b", FLOAT, ["N", "H.1", -1])]
    made = model(nodes, ends, [value("y", FLOAT, [None, 3, None])], {})
    assert [spec.shape for spec in inputs(made.graph)] == [("batch", 3, "a_axis2"), ("N", "H.1", "b_axis2")]


def test_a_weight_that_could_be_fed_is_no_input() -> None:
    made = words()
    made.graph.input.append(value("scale", FLOAT, [8]))
    assert [spec.name for spec in inputs(made.graph)] == ["input_ids", "attention_mask"]


def test_ids_are_followed_to_the_smallest_table() -> None:
    nodes = [
        helper.make_node("Cast", ["ids"], ["wide"], to=INT64),
        helper.make_node("Gather", ["large", "wide"], ["a"]),
        helper.make_node("Gather", ["small", "wide"], ["b"], axis=1),
        helper.make_node("Gather", ["x", "place"], ["c"]),
    ]
    ends = [value("ids", TensorProto.INT32, ["n"]), value("place", INT64, ["m"]), value("x", FLOAT, ["n", 7])]
    out = [value(name, FLOAT, None) for name in ("a", "b", "c")]
    weights = {"large": np.zeros((9, 2), np.float32), "small": np.zeros((9, 5), np.float32)}
    graph = helper.make_graph(
        nodes, "main", ends, out, [onnx.numpy_helper.from_array(w, n) for n, w in weights.items()]
    )
    assert index_limits(graph) == {"ids": 5}
