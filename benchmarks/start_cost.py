"""`python -m benchmarks start`: what the import costs, and one answer of a bundle of MobileNet's size."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import BIN, succeed
from benchmarks.goals import Row, at_most
from benchmarks.models.jittered import save_apart
from benchmarks.peak import cost

RUNS = 11
MEBI = 1 << 20


def rows(folder: Path) -> Iterator[Row]:
    """Medians over several processes, with warm file caches."""
    bare = _median(sys.executable, "-c", "pass")
    yield at_most("import edge", _median(sys.executable, "-c", "import edge") - bare, 0.15, " s")
    bundle = mobilenet(folder)
    image = _image(folder / "photo.png")
    command = (BIN / "edge", "run", bundle, image, "--engine", "onnxruntime")
    yield at_most("edge run, process start to answer", _median(*command), 0.7, " s")
    yield at_most("edge run, peak memory", cost(*command).peak / MEBI, 200, " MiB")


def mobilenet(folder: Path) -> Path:
    """A bundle of MobileNetV2 for ONNX Runtime."""
    bundle = folder / "mobilenet_v2.edge"
    shutil.rmtree(bundle, ignore_errors=True)
    succeed("packager", "build", save_apart("mobilenet_v2", folder), "-o", bundle, "--engine", "onnxruntime")
    return bundle


def _median(*command: str | Path) -> float:
    return statistics.median(cost(*command).seconds for _ in range(RUNS))


def _image(path: Path) -> Path:
    """A picture of a photo's size, smooth as photos are."""
    import numpy as np
    from PIL import Image

    down, right = np.mgrid[0:480, 0:640]
    Image.fromarray(np.stack([down % 256, right % 256, (down + right) % 256], -1).astype(np.uint8)).save(path)
    return path
