"""An ONNX file with one product of two float32 matrices of any size, so that the engine's own kernel can be timed.

It is written field by field as onnx.proto numbers them (IR version 8, operator set 13): a device has no other writer.
"""

from __future__ import annotations

from pathlib import Path

from edge.manifest import TensorSpec

FLOAT, IR, OPSET = 1, 8, 13
INPUTS = (
    TensorSpec(name="a", dtype="float32", shape=("m", "k")),
    TensorSpec(name="b", dtype="float32", shape=("k", "n")),
)
OUTPUTS = (TensorSpec(name="c", dtype="float32", shape=("m", "n")),)


def write_matmul(path: Path) -> None:
    """Write the file: `c = a @ b`."""
    node = b"".join([*(_field(1, spec.name) for spec in INPUTS), _field(2, OUTPUTS[0].name), _field(4, "MatMul")])
    ends = [*(_field(11, _described(spec)) for spec in INPUTS), _field(12, _described(OUTPUTS[0]))]
    graph = b"".join([_field(1, node), _field(2, "matmul"), *ends])
    path.write_bytes(_number(1, IR) + _field(7, graph) + _field(8, _field(1, "") + _number(2, OPSET)))


def _described(spec: TensorSpec) -> bytes:
    """A ValueInfoProto."""
    shape = b"".join(_field(1, _field(2, str(size))) for size in spec.shape)
    return _field(1, spec.name) + _field(2, _field(1, _number(1, FLOAT) + _field(2, shape)))


def _field(number: int, content: str | bytes) -> bytes:
    """A field of bytes, fewer than 128."""
    data = content.encode() if isinstance(content, str) else content
    return bytes([number << 3 | 2, len(data)]) + data


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3, value])
