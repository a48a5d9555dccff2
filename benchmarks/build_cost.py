"""`python -m benchmarks build`: what networks cost from their folder to every artifact with parity."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bundles import engines
from benchmarks.commands import BIN
from benchmarks.goals import Row, at_most
from benchmarks.models.jittered import save_apart
from benchmarks.models.packaged import minilm
from benchmarks.peak import cost

# Peak memory above the imports, in multiples of the weights.
MEMORY = 6
# What the largest stages import before they see a model; `import transformers` alone is lazy and loads next to nothing.
IMPORTS = ("import torch, transformers.modeling_utils", "import paddle")


@dataclass(frozen=True)
class Case:
    """A model and the seconds that its build may take."""

    name: str
    folder: Path
    seconds: float


def rows(folder: Path) -> Iterator[Row]:
    """Build each once; the folder holds what is made."""
    imports = max(cost(sys.executable, "-c", script).peak for script in IMPORTS)
    for case in (Case("ResNet-50", save_apart("resnet50", folder), 60), Case("MiniLM", minilm(), 40)):
        out = folder / f"{case.name}.edge"
        shutil.rmtree(out, ignore_errors=True)
        found = cost(BIN / "packager", "build", case.folder, "-o", out, "--engine", ",".join(engines()))
        yield at_most(f"{case.name}, folder to bundle", found.seconds, case.seconds, " s")
        weights = sum(path.stat().st_size for path in case.folder.glob("*.safetensors"))
        yield at_most(f"{case.name}, peak above imports over weights", (found.peak - imports) / weights, MEMORY)
