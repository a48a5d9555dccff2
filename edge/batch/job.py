"""What is asked of every worker, and what records depend on: a batch goes on only under the job that it began with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bundle import Bundle
from edge.digests import sha256_file
from edge.manifest import MANIFEST_NAME
from edge.records import Record

if TYPE_CHECKING:
    from edge.runtime import Model

CHUNK = 16
"""Inputs of one chunk by default: what is repeated at most, for each worker, after a power cut."""


@dataclass(frozen=True, kw_only=True)
class Job(Record):
    """A bundle, by its path and by the digest of its manifest, and how it is run; empty or 0 means by default.

    `form` is the format of results.

    `chunk` inputs go to a worker together, `batch` of them through the engine. Both are a part of the job: sums of
    floats may depend on what else is in a batch, and records must not depend on where a run was cut off.
    """

    bundle: str
    digest: str
    engine: str = ""
    precision: str = ""
    top_k: int = 0
    form: str = ""
    batch: int = 1
    chunk: int = CHUNK

    def differences(self, other: Job) -> list[str]:
        """Names of what is not the same; where the bundle lies makes no difference."""
        names = ("digest", "engine", "precision", "top_k", "form", "batch", "chunk")
        return [name for name in names if getattr(self, name) != getattr(other, name)]

    def load(self, threads: int, max_pixels: int | None) -> Model:
        """The model that the job asks for; raises what `edge.load` raises."""
        from edge.runtime import load

        return load(
            self.bundle,
            engine=self.engine or None,
            precision=self.precision or None,
            top_k=self.top_k or None,
            threads=threads,
            max_pixels=max_pixels,
        )


def digest_of(bundle: Bundle) -> str:
    """What tells bundles apart: the digest of the manifest, which holds the digests of all files."""
    return sha256_file(bundle.path / MANIFEST_NAME)
