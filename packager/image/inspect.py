"""What an image says of itself, once every digest in it is known to be right."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.errors import BundleError, InputError
from edge.plain_json import parse_json
from edge.records import Record
from packager.image.layout import blob_path

LARGEST_JSON = 4 << 20
PIECE = 1 << 20
REMEDY = "build or copy it again"


@dataclass(frozen=True, kw_only=True)
class InspectedLayer(Record):
    """A layer's digest and bytes, packed, and what its history says."""

    digest: str
    size: int
    created_by: str


@dataclass(frozen=True, kw_only=True)
class Inspected(Record):
    """The image's reference, the digest of its manifest, its machine, layers from the bottom up and annotations."""

    name: str
    digest: str
    architecture: str
    layers: tuple[InspectedLayer, ...]
    annotations: Mapping[str, str]


def inspect_image(path: Path) -> Inspected:
    """Read an image as `packager image build` writes it.

    Raises InputError where it is none, BundleError naming the part whose digest or size is wrong, or that is missing.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            return _inspected(_Blobs(tar))
    except (tarfile.TarError, OSError) as error:
        raise InputError(f"{path} is no image ({error})", remedy="give what packager image build wrote") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BundleError(f"{path.name}: its index or manifest lacks something", remedy=REMEDY) from error


class _Blobs:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def json(self, path: str, digest: str | None = None) -> Any:
        """A small file as JSON, after its digest."""
        member = self._tar.getmember(path)
        file = self._tar.extractfile(member)
        if file is None or member.size > LARGEST_JSON:
            raise BundleError(f"{path} is too large for what it is", remedy=REMEDY)
        data = file.read()
        if digest and hashlib.sha256(data).hexdigest() != digest.removeprefix("sha256:"):
            raise BundleError(f"{path} is damaged, its SHA-256 differs", remedy=REMEDY)
        try:
            return parse_json(data)
        except (ValueError, RecursionError) as error:
            raise BundleError(f"{path} is not JSON ({error})", remedy=REMEDY) from error

    def check(self, path: str, digest: str, size: int) -> None:
        """Raises BundleError where the file is not what a descriptor says."""
        file = self._tar.extractfile(path)
        told, read = hashlib.sha256(), 0
        while file is not None and (piece := file.read(PIECE)):
            told.update(piece)
            read += len(piece)
        if read != size or f"sha256:{told.hexdigest()}" != digest:
            raise BundleError(f"{path} is damaged, its SHA-256 or size differs", remedy=REMEDY)


def _inspected(blobs: _Blobs) -> Inspected:
    told = blobs.json("index.json")["manifests"][0]
    manifest = blobs.json(blob_path(told["digest"]), told["digest"])
    config = blobs.json(blob_path(manifest["config"]["digest"]), manifest["config"]["digest"])
    layers = []
    for layer, history in zip(manifest["layers"], config["history"], strict=True):
        blobs.check(blob_path(layer["digest"]), layer["digest"], layer["size"])
        layers.append(InspectedLayer(digest=layer["digest"], size=layer["size"], created_by=history["created_by"]))
    return Inspected(
        name=told["annotations"]["io.containerd.image.name"],
        digest=told["digest"],
        architecture=config["architecture"],
        layers=tuple(layers),
        annotations=manifest.get("annotations", {}),
    )
