"""What Paddle itself computes with a Paddle model: the reference of everything that is made from one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edge.manifest import TensorSpec
from packager.capture.real import read_real
from packager.emit.constants import write_safetensors
from packager.emit.to_paddle import PaddleModel
from packager.networks.samples import numbered, open_plan, seeded
from packager.order import Order
from packager.parity.paddle import run_paddle
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, Sample, read_reference


def paddle_reference(
    model: PaddleModel, inputs: Sequence[TensorSpec], order: Order, scratch: Path
) -> tuple[Path, tuple[Sample, ...]]:
    """The file of samples, seeded ones and the user's, and the samples with the outputs of `model`."""
    samples_file, reference_file = scratch / SAMPLES_FILE, scratch / REFERENCE_FILE
    real = list(read_real(order.samples, open_plan(inputs))) if order.samples else []
    write_safetensors(samples_file, numbered(seeded(inputs, order.seed) + real))
    produced = run_paddle({"source": model}, samples_file, scratch)["source"]
    expected = {f"{key}/out32:{name}": array for key, arrays in produced.items() for name, array in arrays.items()}
    write_safetensors(reference_file, expected)
    return samples_file, read_reference(samples_file, reference_file)
