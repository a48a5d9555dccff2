"""The Paddle programs of earlier builds, by the Paddle Lite artifacts that were made of them.

Paddle Lite's own files cannot be quantised again: `opt` has fused them. A bundle names its artifacts' digests, and they
name the programs here. The oldest programs go when all together are over LARGEST bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from edge.bench.limit.cache import cache_folder
from edge.bundle import Bundle
from edge.digests import sha256_file
from edge.errors import InputError
from edge.manifest import Stage
from packager.emit.to_paddle import PaddleModel
from packager.quantise.trial import files_of

LARGEST = 4 << 30
MODEL, PARAMS, DIGESTS = "program.pdmodel", "program.pdiparams", "digests.json"


def keep_programs(bundle: Bundle, programs: Mapping[str, PaddleModel], folder: Path | None = None) -> None:
    """Keep the program of each stage, by name. A cache that cannot be written is none: the bundle is right without."""
    home = folder or _home()
    for stage in bundle.manifest.stages:
        if stage.name in programs and (key := _key(bundle, stage)):
            with suppress(OSError):
                _keep(home, key, programs[stage.name])
    with suppress(OSError):
        _bound(home)


def find_programs(bundle: Bundle, folder: Path | None = None) -> dict[str, PaddleModel]:
    """The program of every stage that has an artifact for Paddle Lite, by name.

    Raises InputError where one is not there, or is not what it was.
    """
    home = folder or _home()
    found = {}
    for stage in bundle.manifest.stages:
        if not (key := _key(bundle, stage)):
            continue
        model = PaddleModel(home / key / MODEL, home / key / PARAMS)
        if not _is_whole(home / key):
            raise InputError(
                f"{bundle.path.name} was not built here: the Paddle program of the stage {stage.name!r} is not in the "
                f"build cache {home}",
                remedy="build it again here, or quantise for ONNX Runtime alone: --engine onnxruntime",
            )
        with suppress(OSError):
            os.utime(home / key)
        found[stage.name] = model
    return found


def _home() -> Path:
    return cache_folder() / "programs"


def _key(bundle: Bundle, stage: Stage) -> str:
    """What a stage's artifacts for Paddle Lite are; empty where it has none."""
    names = files_of(bundle, [one for one in stage.artifacts if one.engine == "paddlelite"])
    digests = sorted(entry.sha256 for entry in bundle.manifest.files if entry.path in names)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest() if digests else ""


def _keep(home: Path, key: str, model: PaddleModel) -> None:
    if _is_whole(home / key):
        os.utime(home / key)
        return
    home.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=home))
    try:
        shutil.copyfile(model.model, partial / MODEL)
        shutil.copyfile(model.params, partial / PARAMS)
        digests = {name: sha256_file(partial / name) for name in (MODEL, PARAMS)}
        (partial / DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
        shutil.rmtree(home / key, ignore_errors=True)
        partial.rename(home / key)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        digests = json.loads((folder / DIGESTS).read_text(encoding="utf-8"))
        return all(sha256_file(folder / name) == digests[name] for name in (MODEL, PARAMS))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _bound(home: Path) -> None:
    kept = sorted((one for one in home.iterdir() if one.is_dir()), key=lambda one: -one.stat().st_mtime_ns)
    size = 0
    for one in kept:
        size += sum(file.stat().st_size for file in one.iterdir())
        if size > LARGEST:
            shutil.rmtree(one, ignore_errors=True)
