"""Finds the first node of a network whose value drifts, where a build was stopped by parity."""

from packager.blame.find import blame
from packager.blame.finding import Finding

__all__ = ["Finding", "blame"]
