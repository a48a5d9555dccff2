"""From a captured ATen graph to a Paddle program, and from there to what each engine accepts."""

from packager.lower.driver import lower

__all__ = ["lower"]
