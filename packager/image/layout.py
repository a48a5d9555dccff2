"""An image as one tar that is both an OCI image layout (image-spec 1.1) and what `docker save` writes.

`podman load`, `skopeo copy oci-archive:`, `ctr images import` read `oci-layout` and `index.json`; every `docker load`
reads `manifest.json`. Both lead to the same blobs.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.whole_file import whole_file
from packager.image.layer import Layer

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True, kw_only=True)
class Image:
    """What is written: layers from the bottom up, what the container runs (`config`, the specification's names).

    `name` is a reference such as `edgepack/resnet50:latest`, `annotations` are those of the manifest, `epoch` the time
    of everything in seconds since 1970.
    """

    name: str
    architecture: str
    variant: str
    layers: Sequence[Layer]
    config: Mapping[str, Any]
    annotations: Mapping[str, str]
    created: str
    epoch: int


@dataclass(frozen=True)
class Blob:
    """Bytes that are found by their digest."""

    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """As the specification writes it."""
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"

    def descriptor(self, **more: Any) -> dict[str, Any]:
        """How another blob refers to this one."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.data), **more}


def write_image(image: Image, out: Path) -> str:
    """Write the tar `out`, whole or not at all; returns the digest of the image's manifest.

    Raises EnvironmentLackError where the disk refuses.
    """
    config = Blob(CONFIG, _json(_config(image)))
    layers = [{"mediaType": one.media_type, "digest": one.digest, "size": one.size} for one in image.layers]
    manifest = Blob(
        MANIFEST,
        _json(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": config.descriptor(),
                "layers": layers,
                "annotations": dict(sorted(image.annotations.items())),
            }
        ),
    )
    named = {"io.containerd.image.name": image.name, "org.opencontainers.image.ref.name": image.name.rpartition(":")[2]}
    index = {
        "schemaVersion": 2,
        "mediaType": INDEX,
        "manifests": [manifest.descriptor(annotations=named, platform=_platform(image))],
    }
    docker = [
        {
            "Config": blob_path(config.digest),
            "RepoTags": [image.name],
            "Layers": [blob_path(one.digest) for one in image.layers],
        }
    ]
    blobs: dict[str, bytes | Path] = {blob_path(one.digest): one.file for one in image.layers}
    blobs |= {blob_path(one.digest): one.data for one in (config, manifest)}
    with whole_file(out) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}), image.epoch)
        _add(tar, "index.json", _json(index), image.epoch)
        _add(tar, "manifest.json", _json(docker), image.epoch)
        for path in sorted(blobs):
            _add(tar, path, blobs[path], image.epoch)
    return manifest.digest


def _config(image: Image) -> dict[str, Any]:
    return {
        "created": image.created,
        **_platform(image),
        "config": dict(image.config),
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in image.layers]},
        "history": [{"created": image.created, "created_by": layer.created_by} for layer in image.layers],
    }


def _platform(image: Image) -> dict[str, str]:
    variant = {"variant": image.variant} if image.variant else {}
    return {"architecture": image.architecture, "os": "linux", **variant}


def blob_path(digest: str) -> str:
    """Where the archive has the blob of a digest."""
    return "blobs/" + digest.replace(":", "/")


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _add(tar: tarfile.TarFile, path: str, content: bytes | Path, epoch: int) -> None:
    told = tarfile.TarInfo(path)
    told.mtime, told.mode = epoch, 0o644
    if isinstance(content, bytes):
        told.size = len(content)
        tar.addfile(told, io.BytesIO(content))
    else:
        told.size = content.stat().st_size
        with content.open("rb") as file:
            tar.addfile(told, file)
