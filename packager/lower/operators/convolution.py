"""Convolutions over one and two axes; the first are two-dimensional ones with a height of 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from packager.lower.builder import Builder
from packager.lower.planar import lifted, lifted_result, lowered, spread
from packager.lower.program import Var
from packager.lower.registry import lowers

FORWARD = ("conv2d", "depthwise_conv2d", "elementwise_add", "reshape2", "squeeze2", "unsqueeze2")
TRANSPOSED = ("conv2d_transpose", "elementwise_add", "reshape2", "squeeze2", "unsqueeze2")


@dataclass(frozen=True)
class Geometry:
    """How a kernel moves: one number per axis, `padding` as (before, after) pairs."""

    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]
    groups: int

    def attributes(self) -> dict[str, object]:
        """Paddle's attributes; equal paddings are given once per axis, as the older kernels want them."""
        equal = all(before == after for before, after in self.padding)
        flat = (pair[0] for pair in self.padding) if equal else (side for pair in self.padding for side in pair)
        return {
            "strides": self.stride,
            "paddings": tuple(flat),
            "dilations": self.dilation,
            "groups": self.groups,
            "padding_algorithm": "EXPLICIT",
            "data_format": "NCHW",
        }


def geometry(
    axes: int, stride: int | Sequence[int], padding: int | Sequence[int], dilation: int | Sequence[int], groups: int
) -> Geometry:
    """The geometry of a convolution over `axes` axes, whose padding is the same before and after."""
    pairs = tuple((size, size) for size in spread(padding, axes))
    return Geometry(spread(stride, axes), pairs, spread(dilation, axes), groups)


# aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation,
#                   bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor
@lowers("aten.convolution.default", emits=(*FORWARD, "conv2d_transpose"))
def convolution(
    b: Builder,
    x: Var,
    weight: Var,
    bias: Var | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Var:
    how = geometry(weight.rank - 2, stride, padding, dilation, groups)
    if transposed:
        return transpose(b, x, weight, bias, how, spread(output_padding, weight.rank - 2))
    return forward(b, x, weight, bias, how)


# aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0,
#              SymInt[2] dilation=1, SymInt groups=1) -> Tensor, conv1d likewise
@lowers("aten.conv1d.default", "aten.conv2d.default", emits=FORWARD)
def conv(
    b: Builder,
    x: Var,
    weight: Var,
    bias: Var | None = None,
    stride: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    groups: int = 1,
) -> Var:
    return forward(b, x, weight, bias, geometry(weight.rank - 2, stride, padding, dilation, groups))


# aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding="valid",
#                      SymInt[2] dilation=1, SymInt groups=1) -> Tensor
# "same" needs stride 1; where the sum is odd, torch pads one more at the end.
@lowers("aten.conv1d.padding", "aten.conv2d.padding", emits=FORWARD)
def conv_padding(
    b: Builder,
    x: Var,
    weight: Var,
    bias: Var | None = None,
    stride: Sequence[int] = (1,),
    padding: str = "valid",
    dilation: Sequence[int] = (1,),
    groups: int = 1,
) -> Var:
    how = geometry(weight.rank - 2, stride, (0,), dilation, groups)
    if padding == "same":
        totals = [step * (int(size) - 1) for step, size in zip(how.dilation, weight.shape[2:], strict=True)]
        how = replace(how, padding=tuple((total // 2, total - total // 2) for total in totals))
    return forward(b, x, weight, bias, how)


# aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0,
#                              SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor
@lowers("aten.conv_transpose1d.default", "aten.conv_transpose2d.input", emits=TRANSPOSED)
def conv_transpose(
    b: Builder,
    x: Var,
    weight: Var,
    bias: Var | None = None,
    stride: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
    output_padding: Sequence[int] = (0,),
    groups: int = 1,
    dilation: Sequence[int] = (1,),
) -> Var:
    how = geometry(weight.rank - 2, stride, padding, dilation, groups)
    return transpose(b, x, weight, bias, how, spread(output_padding, weight.rank - 2))


def forward(b: Builder, x: Var, weight: Var, bias: Var | None, how: Geometry) -> Var:
    """`conv2d`, or `depthwise_conv2d` where each channel has one kernel of its own."""
    x, weight, how = _planar(b, x, weight, how)
    x, how = _with_padding_before(b, x, how)
    depthwise = how.groups > 1 and how.groups == x.shape[1] == weight.shape[0]
    return _run(b, "depthwise_conv2d" if depthwise else "conv2d", x, weight, bias, how.attributes())


def transpose(b: Builder, x: Var, weight: Var, bias: Var | None, how: Geometry, output_padding: tuple[int, ...]) -> Var:
    """`conv2d_transpose`; `output_padding` adds rows and columns at the end."""
    if any(extra >= step for extra, step in zip(output_padding, how.stride, strict=True)):
        raise ValueError("an output padding as large as the stride is not supported")
    x, weight, how = _planar(b, x, weight, how)
    extra = {"output_padding": (0,) * (2 - len(output_padding)) + output_padding, "output_size": ()}
    return _run(b, "conv2d_transpose", x, weight, bias, how.attributes() | extra)


def _planar(b: Builder, x: Var, weight: Var, how: Geometry) -> tuple[Var, Var, Geometry]:
    x = lifted(b, x, weight.rank - 2)
    if weight.rank == 4:
        return x, weight, how
    if b.array(weight) is None:
        weight = b.unsqueeze(weight, (2,))
    else:
        weight = b.derived(weight, "planar", lambda array: array[:, :, None])
    return x, weight, Geometry((1, *how.stride), ((0, 0), *how.padding), (1, *how.dilation), how.groups)


def _with_padding_before(b: Builder, x: Var, how: Geometry) -> tuple[Var, Geometry]:
    """Take over a `pad` with zeros that comes just before, as in networks that came from TensorFlow."""
    op = b.producer(x)
    if op is None or op.type != "pad" or op.attrs["pad_value"] != 0 or any(op.attrs["paddings"][:4]):
        return x, how
    top, bottom, left, right = op.attrs["paddings"][4:]
    before = ((top, bottom), (left, right))
    padding = tuple((a + c, d + e) for (a, d), (c, e) in zip(how.padding, before, strict=True))
    return b.variables[op.inputs["X"][0]], replace(how, padding=padding)


def _run(b: Builder, type: str, x: Var, weight: Var, bias: Var | None, attrs: dict[str, object]) -> Var:  # noqa: A002
    out = b.emit(type, {"Input": x, "Filter": weight}, attrs, out="Output", shape=lifted_result(b))
    if bias is not None:
        out = b.emit("elementwise_add", {"X": out, "Y": bias}, {"axis": 1})
    return lowered(b, out)
