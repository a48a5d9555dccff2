"""What a checkpoint's files hold, by their headers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from packager.capture.translate import translating
from packager.errors import SourceError

REMEDY = "copy or download the model again"
# safetensors' dtype names of floating point numbers.
FLOATS = {"F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64"}


def has_safetensors(folder: Path) -> bool:
    """Whether the weights are safetensors; else they are `.bin`."""
    return any(folder.glob("*.safetensors"))


def tensor_names(folder: Path) -> frozenset[str]:
    """The names of the stored tensors; none for `.bin`, which has no header that can be read alone."""
    return frozenset(name for name, _ in _entries(folder))


def stored_dtype(folder: Path) -> str:
    """The floating point dtype that most tensors are stored in; float32 where the headers say nothing."""
    count = Counter(FLOATS[dtype] for _, dtype in _entries(folder) if dtype in FLOATS)
    return count.most_common(1)[0][0] if count else "float32"


def _entries(folder: Path) -> Iterator[tuple[str, str]]:
    from safetensors import safe_open

    for path in sorted(folder.glob("*.safetensors")):
        with translating(f"{path} cannot be read", SourceError, remedy=REMEDY), safe_open(path, "numpy") as opened:
            for name in opened.keys():  # noqa: SIM118 (not a mapping)
                yield name, opened.get_slice(name).get_dtype()
