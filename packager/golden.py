"""Golden vectors: a few samples with their expected outputs, re-run by `edge verify` on the device.

They are chosen for size: the files travel with every bundle. One sample of every batch size that was checked is kept,
the smallest that capture made, because an engine can be right at batch 1 and wrong at batch 3 on some boards.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import numpy as np

from packager.parity.reference import Sample

# The earliest time that a zip entry can hold: archives must not depend on the clock.
EPOCH = (1980, 1, 1, 0, 0, 0)


def golden_files(samples: Sequence[Sample], folder: str = "golden") -> dict[str, bytes]:
    """The archives by their path in the bundle, in `folder`; the same samples give the same bytes."""
    files: dict[str, bytes] = {}
    for batch in sorted({sample.batch for sample in samples}):
        smallest = min((_archive(s) for s in samples if s.batch == batch), key=len)
        files[f"{folder}/batch-{batch}.npz"] = smallest
    return files


def _archive(sample: Sample) -> bytes:
    arrays = {f"in:{name}": array for name, array in sample.inputs.items()}
    arrays |= {f"out:{name}": array for name, array in sample.expected.items()}
    arrays |= {f"valid:{name}": array for name, array in sample.valid.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = io.BytesIO()
            # A scalar stays one, which `ascontiguousarray` would not let it.
            np.lib.format.write_array(content, np.asarray(arrays[name], order="C"), allow_pickle=False)
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()
