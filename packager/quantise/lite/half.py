"""Whether half precision holds a network's values: up to 65,504, and infinity times 0 is no number."""

from __future__ import annotations

from pathlib import Path

from packager.emit.to_paddle import PaddleModel
from packager.errors import UnsupportedModelError
from packager.worker import run_worker

WORKER = "packager.quantise.lite.half_worker"


def check_range(model: PaddleModel, feeds: Path | None) -> None:
    """Raises UnsupportedModelError where a constant, a factor or, on the feeds, a variable is too large.

    Typical are masks: 0 times -1e9 is 0, and 0 times minus infinity is not.
    """
    request = {"model": str(model.model), "feeds": str(feeds) if feeds else ""}
    found = run_worker(WORKER, request, isolated=True)["too_large"]
    if found:
        raise UnsupportedModelError(
            f"half precision cannot hold {found[0]}, and {len(found) - 1} more like it",
            remedy="keep fp32, or take int8",
        )
