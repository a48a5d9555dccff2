"""`python -m benchmarks.rival SOURCE OUT`: the same weights by torch's own exporter, as its documentation has it.

Batch and sequence are dynamic, as they are in ours, and its default optimisation runs. The wrapper only picks the one
output that our artifact has, so that neither computes more than the other.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from torch.export import Dim

INPUTS = {"image": ("pixel_values",), "text": ("input_ids", "attention_mask")}
OUTPUTS = {"image": "logits", "text": "last_hidden_state"}
BATCH, SEQUENCE = Dim("batch", max=1024), Dim("sequence", min=4, max=512)


class OneOutput(torch.nn.Module):
    """A network of transformers with positional inputs and one output."""

    def __init__(self, network: torch.nn.Module, kind: str) -> None:
        super().__init__()
        self.network = network
        self.kind = kind

    def forward(self, *tensors: torch.Tensor) -> Any:
        """The output of the kind's task."""
        return self.network(**dict(zip(INPUTS[self.kind], tensors, strict=True)))[OUTPUTS[self.kind]]


def export(source: Path, out: Path) -> None:
    """Write OUT and, where the exporter wants to, its weights beside it."""
    from transformers import AutoConfig, AutoModel, AutoModelForImageClassification

    kind = "image" if hasattr(AutoConfig.from_pretrained(source), "num_channels") else "text"
    auto = AutoModelForImageClassification if kind == "image" else AutoModel
    network = OneOutput(auto.from_pretrained(source).eval(), kind)
    example: tuple[torch.Tensor, ...] = (torch.zeros(3, 3, 224, 224),)
    axes: tuple[dict[int, Any], ...] = ({0: BATCH},)
    if kind == "text":
        example = (torch.ones(3, 17, dtype=torch.int64), torch.ones(3, 17, dtype=torch.int64))
        axes = ({0: BATCH, 1: SEQUENCE},) * 2
    with torch.no_grad():
        program = torch.onnx.export(
            network,
            example,
            dynamo=True,
            dynamic_shapes={"tensors": axes},
            input_names=INPUTS[kind],
            output_names=(OUTPUTS[kind],),
        )
    if program is None:
        raise RuntimeError(f"torch.onnx.export made nothing of {source.name}")
    program.save(out)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of the libraries, about themselves
    export(Path(sys.argv[1]), Path(sys.argv[2]))
