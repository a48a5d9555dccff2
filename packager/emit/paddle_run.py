"""Runs a Paddle inference model in Paddle; needs Paddle. One place for our own programs and for foreign ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import TensorSpec
from packager.emit.paddle3_reader import read_signature
from packager.errors import ToolError
from packager.lower.builder import DTYPE_CODES

PROGRAM_3 = ".json"
_DTYPES = {code: name for name, code in DTYPE_CODES.items()}


class PaddleRunner:
    """A loaded `.pdmodel` or `.json`: `inputs`, `outputs`, `operators` (type to count), and `run`."""

    def __init__(self, model: Path) -> None:
        """Load the program with the `.pdiparams` of its name beside it; raises ToolError where Paddle refuses them."""
        import paddle

        self._paddle = paddle
        self._scope = paddle.static.Scope()
        self._executor = paddle.static.Executor(paddle.CPUPlace())
        newer = model.suffix == PROGRAM_3
        self._guard = paddle.pir_utils.IrGuard if newer else paddle.pir_utils.OldIrGuard
        with self._guard(), paddle.static.scope_guard(self._scope):
            try:
                self._program, feeds, fetches = paddle.static.load_inference_model(
                    str(model.with_suffix("")), self._executor
                )
            except Exception as error:  # Paddle's C++ raises nearly every builtin type
                raise ToolError(f"Paddle cannot load {model.name}: {str(error).strip().splitlines()[-1]}") from error
        block = self._program.global_block()
        self._fetches = fetches
        if newer:
            # Values have no names there; the program's text has them.
            signature = read_signature(model)
            self.inputs, self.outputs = signature.inputs, signature.outputs
            types = [op.name() for op in block.ops]
        else:
            self.inputs = tuple(_spec(block.var(name)) for name in feeds)
            self.outputs = tuple(_spec(variable) for variable in fetches)
            types = [op.type for op in block.ops if op.type not in ("feed", "fetch")]
        self.operators = {kind: types.count(kind) for kind in sorted(set(types))}

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.generic]]:
        """Every output by name; a 0-d one has shape (1,), as in the other engines."""
        paddle = self._paddle
        with self._guard(), paddle.static.scope_guard(self._scope):
            arrays = self._executor.run(self._program, feed=dict(feeds), fetch_list=self._fetches)
        return {spec.name: np.atleast_1d(array) for spec, array in zip(self.outputs, arrays, strict=True)}


def _spec(variable: Any) -> TensorSpec:
    """Unknown sizes become symbols: the first axis is the batch, others are named by their axis."""
    shape = tuple(
        (size if size >= 0 else "batch" if axis == 0 else f"axis{axis}") for axis, size in enumerate(variable.shape)
    )
    return TensorSpec(name=variable.name, dtype=_DTYPES[int(variable.dtype)], shape=shape)
