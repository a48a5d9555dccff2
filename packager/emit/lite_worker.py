"""The stage that needs Paddle Lite: its `opt` turns a Paddle model into a `.nb`. Runs in an interpreter of its own.

`opt` aborts the process on an operator or attribute it does not know, so this is never imported by the build itself.
Only the standard library and paddlelite are used: that interpreter has an older Python and an older numpy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

# lite/model_parser: uint16 meta version, then 16 bytes of version text of which those after its NUL are uninitialised.
META_VERSION = (2).to_bytes(2, "little")
VERSION_TEXT = slice(2, 18)
WEIGHTS = {"int8-weights": "QUANT_INT8", "int16-weights": "QUANT_INT16"}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "params", "place", "out", "precision"}`: write the `.nb` file `out` for one place (`arm`, `x86`)."""
    optimise(request["model"], request["params"], request["place"], Path(request["out"]), request["precision"])
    return {}


def optimise(model: str, params: str, place: str, out: Path, precision: str = "") -> None:
    """Run `opt`; the file's bytes depend on nothing but the model and the precision (see `to_lite`)."""
    from paddlelite.lite import Opt

    opt = Opt()
    opt.set_model_file(model)
    opt.set_param_file(params)
    if precision == "fp16":
        opt.enable_fp16()  # before the places, which it adds to
    elif precision:
        opt.set_quant_model(True)
        opt.set_quant_type(WEIGHTS[precision])
    opt.set_valid_places(place)
    opt.set_model_type("naive_buffer")
    opt.set_optimize_out(str(out.with_suffix("")))  # it appends .nb
    opt.run()
    with out.open("r+b") as file:
        head = file.read(VERSION_TEXT.stop)
        if head[:2] != META_VERSION:
            raise RuntimeError(f"the .nb file begins with {head[:2].hex()}, not with meta version 2")
        text = head[VERSION_TEXT].split(b"\0")[0].ljust(16, b"\0")
        file.seek(VERSION_TEXT.start)
        file.write(text)
