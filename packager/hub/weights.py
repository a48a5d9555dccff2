"""Weights are looked at before anything loads them; one check per kind of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packager.hub.pickle_scan import check_bin
from packager.hub.safetensors_header import check_safetensors

CHECKS: dict[str, Callable[[Path], None]] = {".safetensors": check_safetensors, ".bin": check_bin}


def check_weights(path: Path) -> None:
    """Raise SourceError where the file is truncated, lies about its contents or would run code. Other files pass."""
    check = CHECKS.get(path.suffix)
    if check is not None:
        check(path)
