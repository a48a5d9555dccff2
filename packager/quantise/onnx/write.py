"""Writes a quantised network: what only its making needed is dropped, the file has its name when it is whole."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import ModelProto

from packager.emit.onnx_limits import DATA_SUFFIX
from packager.errors import ToolError


def write(network: ModelProto, out: Path) -> None:
    """Write and check; weights of over 2 GB go into `OUT.data`. Raises ToolError where it is not valid ONNX."""
    del network.graph.value_info[:]
    # The quantiser's hints for itself; what the model's own exporter wrote was dropped when the bundle was built.
    del network.metadata_props[:]
    part = out.with_name(f"{out.name}.part")
    try:
        if network.ByteSize() < onnx.checker.MAXIMUM_PROTOBUF:
            onnx.save_model(network, part)
        else:
            location = f"{out.name}{DATA_SUFFIX}"
            onnx.save_model(network, part, save_as_external_data=True, location=location)
        onnx.checker.check_model(str(part))
        part.rename(out)
    except (onnx.checker.ValidationError, ValueError) as error:
        raise ToolError(f"what became of {out.name} is not valid: {error}") from error
    finally:
        part.unlink(missing_ok=True)
