"""Bundles that must be refused, because they are damaged or because this machine does not fit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from edge.manifest import MANIFEST_NAME, Manifest
from tests.support.bad_inputs.attempt import Attempt, Materials


def _artifact(bundle: Path) -> Path:
    return next(bundle.glob("*.onnx"))


def _rewrite(bundle: Path, change: Callable[[Manifest], Manifest]) -> None:
    path = bundle / MANIFEST_NAME
    path.write_bytes(change(Manifest.from_bytes(path.read_bytes())).to_bytes())


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def byte_changed(at: Materials) -> Attempt:
    """One bit of an artifact."""
    bundle = at.copy_of_bundle()
    _flip(_artifact(bundle))
    return Attempt(("edge", "verify", bundle))


def byte_changed_before_run(at: Materials) -> Attempt:
    """The same, met by `edge run`."""
    bundle = at.copy_of_bundle()
    _flip(_artifact(bundle))
    return Attempt(("edge", "run", bundle, at.image))


def broken_manifest(at: Materials) -> Attempt:
    """A manifest that ends too early."""
    bundle = at.copy_of_bundle()
    path = bundle / MANIFEST_NAME
    path.write_bytes(path.read_bytes()[:-10])
    return Attempt(("edge", "verify", bundle))


def file_missing(at: Materials) -> Attempt:
    """An artifact is gone."""
    bundle = at.copy_of_bundle()
    _artifact(bundle).unlink()
    return Attempt(("edge", "verify", bundle))


def file_added(at: Materials) -> Attempt:
    """A file that the manifest does not list."""
    bundle = at.copy_of_bundle()
    (bundle / "extra.onnx").write_bytes(b"more")
    return Attempt(("edge", "verify", bundle))


def path_that_leaves(at: Materials) -> Attempt:
    """A listed path outside the folder; the file is there, with the right digest."""
    bundle = at.copy_of_bundle()
    artifact = _artifact(bundle)
    artifact.rename(bundle.parent / artifact.name)

    def lead_out(manifest: Manifest) -> Manifest:
        files = tuple(
            dataclasses.replace(file, path=f"../{file.path}") if file.path == artifact.name else file
            for file in manifest.files
        )
        return dataclasses.replace(manifest, files=files)

    _rewrite(bundle, lead_out)
    return Attempt(("edge", "verify", bundle))


def link_that_leaves(at: Materials) -> Attempt:
    """A file of the bundle that is a link to the right bytes elsewhere."""
    bundle = at.copy_of_bundle()
    artifact = _artifact(bundle)
    artifact.rename(bundle.parent / artifact.name)
    artifact.symlink_to(bundle.parent / artifact.name)
    return Attempt(("edge", "verify", bundle))


def no_bundle(at: Materials) -> Attempt:
    """A folder that is no bundle."""
    return Attempt(("edge", "verify", at.model))


def newer_format(at: Materials) -> Attempt:
    """A bundle of a format that does not exist yet."""
    bundle = at.copy_of_bundle()
    _rewrite(bundle, lambda manifest: dataclasses.replace(manifest, format=99))
    return Attempt(("edge", "verify", bundle))


def engine_not_installed(at: Materials) -> Attempt:
    """An interpreter in which onnxruntime cannot be imported."""
    shadow = at.scratch / "shadow"
    shadow.mkdir()
    (shadow / "onnxruntime.py").write_text("raise ImportError('not installed here')\n", encoding="utf-8")
    command = ("edge", "run", at.bundle, at.image, "--engine", "onnxruntime")
    return Attempt(command, {"PYTHONPATH": str(shadow)})


def other_board(at: Materials) -> Attempt:
    """A bundle for a Raspberry Pi 5 only."""
    return _with_requirement(at, boards=("rpi5",))


def newer_engine(at: Materials) -> Attempt:
    """A bundle that wants an engine of the future."""
    return _with_requirement(at, engines={"onnxruntime": ">=99"})


def more_memory(at: Materials) -> Attempt:
    """A bundle that wants a petabyte."""
    return _with_requirement(at, memory_bytes=1 << 50)


def _with_requirement(at: Materials, **wanted: object) -> Attempt:
    bundle = at.copy_of_bundle()

    def demand(manifest: Manifest) -> Manifest:
        requires = dataclasses.replace(manifest.requires, **wanted)  # type: ignore[arg-type]
        return dataclasses.replace(manifest, requires=requires)

    _rewrite(bundle, demand)
    return Attempt(("edge", "verify", bundle, "--engine", "onnxruntime"))
