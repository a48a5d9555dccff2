"""Tensor specs as text."""

from __future__ import annotations

from edge.manifest import TensorSpec


def describe(spec: TensorSpec) -> str:
    """`float32[batch, 3, 224, 224]`."""
    return f"{spec.dtype}[{', '.join(map(str, spec.shape))}]"
