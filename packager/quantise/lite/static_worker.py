"""The child with Paddle: static int8 by Paddle's own post-training quantisation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError
from packager.emit.model_reader import read_model
from packager.emit.paddle_params import write_params
from packager.emit.paddle_run import PaddleRunner
from packager.errors import ToolError, UnsupportedModelError
from packager.quantise.feeds import read_feeds
from packager.quantise.lite.layers import WEIGHT, Choice, Layer, choose_layers, mark_floats
from packager.quantise.lite.ranges import Observed, largest, least_square_error
from packager.quantise.lite.stand_in import rounded_weights, stand_in

ALGORITHMS = {"min-max": "abs_max", "entropy": "KL", "percentile": "hist", "mse": "abs_max"}
"""Paddle's names of our methods; the ranges of `mse` are our own."""
BITS = 8
SCALE = "@scale"
"""What Paddle names a range after the variable that it is of."""
DEAD = "its input is 0 on all calibration inputs"
COMPARED = 16
"""Calls on which the int8 program is compared with fp32."""


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "feeds", "method", "floats", "folder"}`: write `int8` and `stand_in` models into the folder.

    Replies `{"layers": names, "weights": how many numbers, "floats": {name: reason}}`, and under `deviations` by output
    the largest error and the largest value.
    Raises UnsupportedModelError where there is nothing to quantise, InputError where values are not finite.
    """
    model, folder, feeds = Path(request["model"]), Path(request["folder"]), _Feeds(Path(request["feeds"]))
    choice, tops, constants = _choose(model, feeds, request["floats"], mse=request["method"] == "mse")
    marked = folder / "marked.pdmodel"
    marked.write_bytes(mark_floats(model.read_bytes(), choice.floats))
    shutil.copyfile(model.with_suffix(".pdiparams"), marked.with_suffix(".pdiparams"))
    known = tops | _weight_ranges(constants, choice.layers) if request["method"] == "mse" else None
    int8 = folder / "int8.pdmodel"
    ranges = _quantise(marked, feeds, ALGORITHMS[request["method"]], known, int8)
    twin = folder / "stand_in.pdmodel"
    twin.write_bytes(stand_in(model.read_bytes(), choice.layers, ranges))
    write_params(rounded_weights(constants, choice.layers), twin.with_suffix(".pdiparams"))
    return {
        "layers": [layer.name for layer in choice.layers],
        "weights": sum(constants[name].size for name in {layer.weight for layer in choice.layers}),
        "floats": dict(choice.floats),
        "deviations": _deviations(model, int8, feeds),
    }


class _Feeds:
    """As often as it is asked, the calls in their order; to Paddle it is a DataLoader."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = sum(1 for _ in read_feeds(path))

    def __iter__(self) -> Iterator[dict[str, NDArray[np.generic]]]:
        # Paddle takes no arrays that cannot be written.
        return ({name: np.array(array) for name, array in feed.items()} for feed in read_feeds(self._path))

    __call__ = __iter__

    def __len__(self) -> int:
        return self._count


def _choose(
    model: Path, feeds: _Feeds, floats: Sequence[str], *, mse: bool
) -> tuple[Choice, dict[str, float], dict[str, NDArray[Any]]]:
    """The layers, the range of each one's input, all constants."""
    program = read_model(model)
    choice = _some(choose_layers(program, floats), model)
    observed = Observed(model)
    tops = largest(observed, feeds, sorted({layer.activation for layer in choice.layers}))
    lost = [name for name, top in tops.items() if not np.isfinite(top)]
    if lost:
        raise InputError(
            f"the variable {lost[0]!r} is not finite on the calibration inputs",
            remedy="check the calibration inputs; fp32 is no better on them",
        )
    dead = [layer.name for layer in choice.layers if tops[layer.activation] == 0]
    if dead:
        again = choose_layers(program, [*choice.floats, *dead], reason=DEAD)
        choice = _some(Choice(again.layers, {**again.floats, **choice.floats}), model)
    read = {layer.activation for layer in choice.layers}
    tops = {name: top for name, top in tops.items() if name in read}
    if mse:
        tops = least_square_error(observed, feeds, tops)
    return choice, tops, observed.constants()


def _some(choice: Choice, model: Path) -> Choice:
    if not choice.layers:
        why = f": {next(iter(choice.floats.values()))}" if choice.floats else ""
        raise UnsupportedModelError(
            f"no operator of {model.name} can be int8 in Paddle Lite{why}", remedy="keep fp32, or quantise weights only"
        )
    return choice


def _weight_ranges(constants: Mapping[str, NDArray[Any]], layers: Sequence[Layer]) -> dict[str, list[float]]:
    def ranges(layer: Layer) -> list[float]:
        weight = np.abs(constants[layer.weight])
        found: list[float] = weight.max(axis=tuple(a for a in range(weight.ndim) if a != layer.axis)).tolist()
        return found

    return {layer.weight: ranges(layer) for layer in layers}


def _quantise(
    marked: Path, feeds: _Feeds, algorithm: str, known: Mapping[str, Any] | None, out: Path
) -> dict[str, float]:
    """Write the int8 program; the range of each variable that it rounds."""
    import paddle
    from paddle.static.quantization import PostTrainingQuantization
    from paddle.static.quantization.quant_config import BaseQuantizer

    class LayersAlone(BaseQuantizer):  # type: ignore[misc]  # Paddle has no types
        """Paddle would also observe what most other operators give, which nothing here reads."""

        observer_operation_types: tuple[str, ...] | list[str] = []  # noqa: RUF012 (it is added to a list)

    scope = paddle.static.Scope()
    executor = paddle.static.Executor(paddle.CPUPlace())
    with paddle.pir_utils.OldIrGuard(), paddle.static.scope_guard(scope), paddle.utils.unique_name.guard():
        quantisation = PostTrainingQuantization(
            executor,
            str(marked.parent),
            scope=scope,
            model_filename=marked.name,
            params_filename=marked.with_suffix(".pdiparams").name,
            data_loader=feeds,
            algo=algorithm,
            quantizable_op_type=list(WEIGHT),
            activation_bits=BITS,
            weight_bits=BITS,
            onnx_format=True,
            scale_dict=known,
        )
        quantisation.quant_config = LayersAlone(quantizable_op_type=list(WEIGHT), quant_bits=BITS)
        try:
            program = quantisation.quantize()
        except Exception as error:  # Paddle's C++ raises nearly every builtin type
            said = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            raise ToolError(f"Paddle cannot quantise {marked.name}: {said}") from error
        block = program.global_block()
        names = read_model(marked)
        # Its own saving would drop attributes, such as relu6's threshold, that Paddle Lite needs.
        paddle.static.save_inference_model(
            str(out.with_suffix("")),
            [block.var(spec.name) for spec in names.inputs],
            [block.var(spec.name) for spec in names.outputs],
            executor,
            program=program,
            clip_extra=False,
        )
        return {
            op.input("Scale")[0].removesuffix(SCALE): _number(scope, op.input("Scale")[0])
            for op in block.ops
            if op.type == "quantize_linear"
        }


def _number(scope: Any, name: str) -> float:
    return float(np.array(scope.find_var(name).get_tensor()).reshape(-1)[0])


def _deviations(model: Path, int8: Path, feeds: _Feeds) -> dict[str, tuple[float, float]]:
    """By output: the largest difference of the two programs, and the largest value of the first."""
    runners = PaddleRunner(model), PaddleRunner(int8)
    found: dict[str, tuple[float, float]] = {}
    for feed in islice(feeds, COMPARED):
        expected, got = (runner.run(feed) for runner in runners)
        for name, array in expected.items():
            if array.dtype.kind != "f":
                continue
            error = float(np.abs(np.asarray(array, float) - np.asarray(got[name], float)).max(initial=0))
            if not np.isfinite(error):
                raise ToolError(f"the int8 program gives {error} where fp32 is finite")
            before = found.get(name, (0.0, 0.0))
            found[name] = max(before[0], error), max(before[1], float(np.abs(array).max(initial=0)))
    return found
