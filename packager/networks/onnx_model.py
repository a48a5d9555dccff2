"""An `.onnx` file: it is its own program, and ONNX Runtime's results without graph optimisation are the reference."""

from __future__ import annotations

from pathlib import Path

from edge.machine import usable_memory
from packager.capture.real import read_real
from packager.emit.constants import write_safetensors
from packager.hub.onnx_file import OnnxHeader, is_onnx, read_header
from packager.hub.source import Source
from packager.networks.network import Network, take_as_tensors
from packager.networks.samples import numbered, open_plan, seeded
from packager.order import Order
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, Sample, read_reference
from packager.progress import step
from packager.worker import run_worker

GIVEN_FILE = "given.safetensors"


def from_onnx(source: Source, order: Order, scratch: Path) -> Network:
    """Check the file, make samples that fit it, and let ONNX Runtime compute the reference.

    Raises InputError for a task other than `tensors`: the file does not say what its tensors mean; SourceError or
    UnsupportedModelError for a file that lies, or that no device would take.
    """
    take_as_tensors("an ONNX file", order)
    file = source.folder / next(entry.path for entry in source.files if is_onnx(Path(entry.path)))
    with step("check", file.name):
        header = read_header(file)
    with step("reference", "outputs of the model in ONNX Runtime, not optimised"):
        samples_file, samples = _reference(file, header, order, scratch)
    return Network(
        task="tensors",
        inputs=header.inputs,
        outputs=header.outputs,
        models={},
        onnx=file,
        samples_file=samples_file,
        samples=samples,
    )


def _reference(file: Path, header: OnnxHeader, order: Order, scratch: Path) -> tuple[Path, tuple[Sample, ...]]:
    made_up = seeded(header.inputs, order.seed, header.limits)
    real = list(read_real(order.samples, open_plan(header.inputs))) if order.samples else []
    given, samples, reference = (scratch / name for name in (GIVEN_FILE, SAMPLES_FILE, REFERENCE_FILE))
    write_safetensors(given, numbered(made_up + real))
    request = {
        "model": str(file),
        "inputs": [spec.to_json() for spec in header.inputs],
        "outputs": [spec.to_json() for spec in header.outputs],
        "threads": order.threads,
        "given": str(given),
        "seeded": len(made_up),
        "samples": str(samples),
        "reference": str(reference),
        "memory_limit": usable_memory(),
    }
    run_worker("packager.networks.onnx_reference", request, isolated=True)
    return samples, read_reference(samples, reference)
