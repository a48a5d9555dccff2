"""Resampling of images."""

from __future__ import annotations

from collections.abc import Sequence

from packager.lower.builder import Builder, Size
from packager.lower.program import Var
from packager.lower.registry import lowers


def resize(
    b: Builder, x: Var, kind: str, size: Sequence[Size] | None, *, align_corners: bool, scales: Sequence[float] | None
) -> Var:
    """`{kind}_interp_v2` to the size that torch computed, or by `scales` where that is only known at run time.

    torch's nearest takes the source cell floor(i · scale), the others sample at cell centres (`align_mode` 0).
    """
    height, width = b.result.shape[2:]
    known = isinstance(height, int) and isinstance(width, int)
    narrowed = any(new == 1 != old for old, new in zip(x.shape[2:], (height, width), strict=True))
    if kind != "nearest" and not align_corners and narrowed:
        # Paddle takes the first pixel there, torch the middle.
        raise ValueError("a smooth resize to a single row or column is not supported")
    attrs = {
        "data_layout": "NCHW",
        "interp_method": kind,
        "align_corners": align_corners,
        "align_mode": 0,
        "out_d": -1,
        "out_h": height if known else -1,
        "out_w": width if known else -1,
        "scale": (),
    }
    slots: dict[str, Var | Sequence[Var]] = {"X": x}
    if not known and scales:
        attrs["scale"] = tuple(float(scale) for scale in scales)
    elif not known and size is not None:
        slots["SizeTensor"] = b.size_vars(size)
    elif not known:
        raise ValueError("neither the size nor the scale of the result is known")
    return b.emit(f"{kind}_interp_v2", slots, attrs, shape=b.result.shape)


# aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor
@lowers("aten.upsample_nearest2d.vec", emits=("fill_constant", "nearest_interp_v2"))
def nearest_vec(b: Builder, x: Var, size: Sequence[Size] | None, scales: Sequence[float] | None = None) -> Var:
    return resize(b, x, "nearest", size, align_corners=False, scales=scales)


# aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor
@lowers("aten.upsample_nearest2d.default", emits=("fill_constant", "nearest_interp_v2"))
def nearest(b: Builder, x: Var, size: Sequence[Size], *_: float | None) -> Var:
    return resize(b, x, "nearest", size, align_corners=False, scales=None)


# aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors)
#     -> Tensor
@lowers("aten.upsample_bilinear2d.vec", emits=("bilinear_interp_v2", "fill_constant"))
def bilinear_vec(
    b: Builder, x: Var, size: Sequence[Size] | None, align_corners: bool, scales: Sequence[float] | None = None
) -> Var:
    return resize(b, x, "bilinear", size, align_corners=align_corners, scales=scales)


# aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None,
#                           float? scales_w=None) -> Tensor
@lowers("aten.upsample_bilinear2d.default", emits=("bilinear_interp_v2", "fill_constant"))
def bilinear(b: Builder, x: Var, size: Sequence[Size], align_corners: bool, *_: float | None) -> Var:
    return resize(b, x, "bilinear", size, align_corners=align_corners, scales=None)


# aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors)
#     -> Tensor
@lowers("aten.upsample_bicubic2d.vec", emits=("bicubic_interp_v2", "fill_constant"))
def bicubic_vec(
    b: Builder, x: Var, size: Sequence[Size] | None, align_corners: bool, scales: Sequence[float] | None = None
) -> Var:
    return resize(b, x, "bicubic", size, align_corners=align_corners, scales=scales)


# aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None,
#                          float? scales_w=None) -> Tensor
@lowers("aten.upsample_bicubic2d.default", emits=("bicubic_interp_v2", "fill_constant"))
def bicubic(b: Builder, x: Var, size: Sequence[Size], align_corners: bool, *_: float | None) -> Var:
    return resize(b, x, "bicubic", size, align_corners=align_corners, scales=None)


# aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor
@lowers("aten.pixel_shuffle.default", emits=("pixel_shuffle",))
def pixel_shuffle(b: Builder, x: Var, upscale_factor: int) -> Var:
    attrs = {"upscale_factor": upscale_factor, "data_format": "NCHW"}
    return b.emit("pixel_shuffle", {"X": x}, attrs, shape=b.result.shape)
