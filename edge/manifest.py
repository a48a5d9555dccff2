"""The manifest: what `bundle.json` says, as frozen records.

Format history
  1  first format (edgepack 0.1)

Unknown fields are kept and written back. Paths are relative to the bundle, with `/`, and never leave it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.errors import BundleError, InputError
from edge.plain_json import parse_json
from edge.quantisation import Quantisation
from edge.records import LATER, Record

FORMAT = 1
MANIFEST_NAME = "bundle.json"
SIGNATURE_NAME = "bundle.sig"

Dimension = int | str
"""A size, or the name of a symbol (`batch`, `sequence`) that may differ from call to call."""


@dataclass(frozen=True, kw_only=True)
class TensorSpec(Record):
    """One input or output: its name, numpy dtype name and shape with named symbols."""

    name: str
    dtype: str
    shape: tuple[Dimension, ...]


@dataclass(frozen=True, kw_only=True)
class FileEntry(Record):
    """A file with its size in bytes and lower-case hexadecimal SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Licence(Record):
    """An SPDX expression, and its origin: `model-card`, `metadata`, `file`, or by the user `accepted`, `stated`.

    The origin `stages` says that it joins the licences of the stages' sources.
    """

    id: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class SourceEntry(Record):
    """What was built from. `revision` is 40 hex digits of a hub commit, or the digest of the folder's contents.

    Of a bundle whose stages have sources of their own, `kind` is `recipe`, and the recipe is what was built from.
    """

    kind: str
    repository: str
    revision: str
    licence: Licence
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, kw_only=True)
class Requires(Record):
    """What a device must have. Empty or zero means: no demand."""

    machines: tuple[str, ...] = ()
    glibc: str = ""
    memory_bytes: int = 0
    engines: Mapping[str, str] = field(default_factory=dict)
    boards: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Artifact(Record):
    """A file that one engine runs. `place` is Paddle Lite's (`arm`, `x86`); `opset` and `ir` are ONNX's."""

    engine: str
    file: str
    precision: str
    place: str = ""
    opset: int = 0
    ir: int = 0
    minimum_engine: str = ""


@dataclass(frozen=True, kw_only=True)
class Hop(Record):
    """How far one representation is from the reference, measured when the bundle was built.

    `max_abs` and `tolerance` are in the output's own unit, `max_relative` is over max|output|, `cosine` is the lowest
    over samples, `top1` the share of decided samples that agree (-1 where there is no top). `precision` is that of the
    artifact, empty for fp32 and for what is no artifact.
    """

    hop: str
    output: str
    max_abs: float
    max_relative: float
    cosine: float
    top1: float
    tolerance: float
    samples: int
    batches: tuple[int, ...]
    precision: str = field(default="", metadata=LATER)


@dataclass(frozen=True, kw_only=True)
class Step(Record):
    """One pre- or post-processing step: its kind, a key of the step registry, and its options."""

    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stage(Record):
    """One network of the bundle with everything that is needed to run and to check it.

    `fixed` holds the sizes, by axis, that the build fixed where the architecture leaves them open: what is shorter is
    padded to them. `source` is the stage's own, where the bundle was built from several. `quantisation` says how the
    precision of its artifacts was chosen, where more than fp32 was tried.
    """

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    preprocess: tuple[Step, ...]
    postprocess: tuple[Step, ...]
    artifacts: tuple[Artifact, ...]
    parity: tuple[Hop, ...]
    golden: tuple[str, ...]
    fixed: Mapping[str, int] = field(default_factory=dict, metadata=LATER)
    source: SourceEntry | None = field(default=None, metadata=LATER)
    quantisation: Quantisation | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, kw_only=True)
class GoldenLine(Record):
    """A line on a golden page: its text, and its four corners in pixels, clockwise from the text's top left."""

    text: str
    box: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        if [len(corner) for corner in self.box] != [2, 2, 2, 2]:
            raise BundleError(f"the golden line {self.text!r} has no four corners")


@dataclass(frozen=True, kw_only=True)
class GoldenPage(Record):
    """A picture of the bundle, with the lines that were read of it when the bundle was built."""

    image: str
    turned: int
    lines: tuple[GoldenLine, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest(Record):
    """The whole of `bundle.json`."""

    format: int
    name: str
    serial: int
    task: str
    requires: Requires
    source: SourceEntry
    tools: Mapping[str, str]
    stages: tuple[Stage, ...]
    files: tuple[FileEntry, ...]
    pages: tuple[GoldenPage, ...] = field(default=(), metadata=LATER)

    def to_bytes(self) -> bytes:
        """Canonical bytes: the same manifest always gives the same file."""
        return (json.dumps(self.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Parse `bundle.json`; raises BundleError where it is broken, InputError where its format is newer."""
        try:
            parsed = parse_json(data)
        except (ValueError, RecursionError) as error:
            raise BundleError(
                f"{MANIFEST_NAME} is not JSON ({error})", remedy="build or copy the bundle again"
            ) from error
        number = parsed.get("format") if isinstance(parsed, dict) else None
        if isinstance(number, int) and number > FORMAT:
            raise InputError(
                f"the bundle has format {number}, this edge reads up to {FORMAT}", remedy="update edgepack"
            )
        return cls.from_json(parsed, "bundle")
