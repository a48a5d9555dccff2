"""`python -m benchmarks build`: what networks cost from their folder to every artifact with parity."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bundles import engines
from benchmarks.commands import BIN, CommandError
from benchmarks.goals import Row, at_most
from benchmarks.models.jittered import save_apart
from benchmarks.models.packaged import minilm
from benchmarks.peak import Cost, cost

# Peak memory above the imports, in multiples of the weights.
MEMORY = 6
# What the largest stages import before they see a model; `import transformers` alone is lazy and loads next to nothing.
IMPORTS = ("import torch, transformers.modeling_utils", "import paddle")


STEP = re.compile(r"^packager: INFO: (\w+) +([\d.]+) s", re.MULTILINE)
MAKING = {"capture", "lower", "emit"}


@dataclass(frozen=True)
class Case:
    """A model and the seconds that its build may take."""

    name: str
    folder: Path
    seconds: float


def rows(folder: Path) -> Iterator[Row]:
    """Build each once; the folder holds what is made."""
    imports = _imports()
    for case in (Case("ResNet-50", save_apart("resnet50", folder), 60), Case("MiniLM", minilm(), 40)):
        found = _build(case.name, case.folder, folder)
        yield at_most(f"{case.name}, folder to bundle", found.seconds, case.seconds, " s")
        yield _memory(case.name, case.folder, found.peak - imports)
    yield from bert(folder)


def bert(folder: Path) -> Iterator[Row]:
    """What it costs to make BERT-base's artifacts, without the time that it takes to compare them."""
    source = save_apart("bert_base", folder)
    found = _build("BERT-base", source, folder)
    steps = [(step, float(seconds)) for step, seconds in STEP.findall(found.said) if step in MAKING]
    if {step for step, _ in steps} != MAKING:
        raise CommandError("the build did not say how long each step took")
    yield at_most("BERT-base, capture, lower and emit", sum(seconds for _, seconds in steps), 25, " s")
    yield _memory("BERT-base", source, found.peak - _imports())


def _build(name: str, source: Path, folder: Path) -> Cost:
    out = folder / f"{name}.edge"
    shutil.rmtree(out, ignore_errors=True)
    return cost(BIN / "packager", "build", source, "-o", out, "--engine", ",".join(engines()))


def _imports() -> int:
    return max(cost(sys.executable, "-c", script).peak for script in IMPORTS)


def _memory(name: str, source: Path, above: int) -> Row:
    weights = sum(path.stat().st_size for path in source.glob("*.safetensors"))
    return at_most(f"{name}, peak above imports over weights", above / weights, MEMORY)
