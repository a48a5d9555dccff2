"""The door of the capture stage: starts the child that has torch, and reads what it wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.capture.graph import CONSTANTS_FILE, Graph
from packager.capture.translate import too_little_memory
from packager.errors import WorkerError
from packager.hub.source import Source
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE
from packager.tasks.plan import InputPlan, ModelFacts
from packager.worker import run_worker

CHILD = "packager.capture.child"


@dataclass(frozen=True)
class Captured:
    """A captured network.

    `folder` holds `graph.json`, `constants.safetensors`, `samples.safetensors` and `reference.safetensors`.
    `architecture` is transformers' class, `modality` `text` or `image`, `inputs` the plan with the range of every
    symbolic size, `fixed` the sizes that were symbolic before they were fixed, `refused` why that was needed, or empty
    where it was only asked for. `tokenizer` is a `tokenizer.json` (the source's own, or made from its older files),
    `labels` the classes in order of their ids, `tools` the versions of torch and transformers, `rewrites` the names of
    the input rewrites that proved equal, `layers` the path of the module that each node comes from, by the node's first
    output. `parts` are the stages of a network that is run in turns, `part` the one that this is; both are empty for a
    network of one stage.
    """

    folder: Path
    graph: Graph
    task: str
    modality: str
    architecture: str
    inputs: tuple[InputPlan, ...]
    fixed: Mapping[str, int]
    refused: str
    tokenizer: Path | None
    labels: tuple[str, ...]
    facts: ModelFacts
    tools: Mapping[str, str]
    rewrites: tuple[str, ...]
    layers: Mapping[str, str]
    part: str
    parts: tuple[str, ...]

    @property
    def constants(self) -> Path:
        """The arrays behind `graph.constants`."""
        return self.folder / CONSTANTS_FILE

    @property
    def samples(self) -> Path:
        """The inputs of every sample, `NNN/in:NAME`."""
        return self.folder / SAMPLES_FILE

    @property
    def reference(self) -> Path:
        """What torch computes for them, `NNN/out32:NAME`, `NNN/out64:NAME`, and `NNN/valid:NAME`."""
        return self.folder / REFERENCE_FILE


def capture(  # noqa: PLR0913 (each is a fact of its own)
    source: Source | Path,
    *,
    task: str = "auto",
    folder: Path,
    engines: Sequence[str] = (),
    shape: Mapping[str, int] | None = None,
    real: Path | None = None,
    seed: int = 0,
    memory_limit: int = 0,
    part: str = "",
) -> Captured:
    """Capture the model of `source` into the existing `folder`, in a child without network and secrets.

    `engines` are the engine ids that the network must fit (checked before weights are loaded), `shape` fixes
    symbolic sizes by the name of their axis, `real` an `.npz` with
    inputs to compare on as well (`NAME`, or `KEY/NAME` for several), `memory_limit` bytes of data for the child, 0 for
    none, `part` a stage of a network that is run in turns, by default its first. Raises SourceError for a model that
    cannot be loaded, UnsupportedModelError for one that cannot be taken, WorkerError where the child died.
    """
    request = {
        "source": str((source if isinstance(source, Path) else source.folder).resolve()),
        "folder": str(folder.resolve()),
        "task": task,
        "engines": list(engines),
        "shape": dict(shape or {}),
        "real": str(real.resolve()) if real else "",
        "seed": seed,
        "memory_limit": memory_limit,
        "part": part,
    }
    reply = _run(request)
    return Captured(
        folder=folder,
        graph=Graph.read(folder),
        task=reply["task"],
        modality=reply["modality"],
        architecture=reply["architecture"],
        inputs=tuple(InputPlan.from_json(plan) for plan in reply["inputs"]),
        fixed=reply["fixed"],
        refused=reply["refused"],
        tokenizer=Path(reply["tokenizer"]) if reply["tokenizer"] else None,
        labels=tuple(reply["labels"]),
        facts=ModelFacts.from_json(reply["facts"]),
        tools=reply["tools"],
        rewrites=tuple(reply["rewrites"]),
        layers=reply["layers"],
        part=reply["part"],
        parts=tuple(reply["parts"]),
    )


def _run(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return run_worker(CHILD, request, isolated=True)
    except WorkerError as error:
        # torch's C++ aborts where an allocation fails outside of its own allocator; Python never hears of it.
        if "bad_alloc" in str(error):
            raise too_little_memory("the capture cannot go on") from error
        raise
