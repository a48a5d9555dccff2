"""The host side: from a Hugging Face model to a verified bundle.

`packager.build(source, out, Order(...))` is the public door; everything else may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packager.order import Order
    from packager.pipeline import build

__all__ = ["Order", "build"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: the command line must start without the host's libraries.
    if name == "Order":
        from packager.order import Order

        return Order
    if name == "build":
        from packager.pipeline import build

        return build
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
