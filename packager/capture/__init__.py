"""From a model folder to a graph of ATen operators, constants and a reference; torch runs in a child process only."""

from packager.capture.captured import Captured, capture

__all__ = ["Captured", "capture"]
