"""What can go wrong, grouped by what a user can do about it.

Every error is one line that says what happened to what, and a remedy. The command line prints both and exits
with the class's exit code; third-party exceptions are translated into one of these where they arise.
"""

from __future__ import annotations


class EdgeError(Exception):
    """Base of every error that a user is meant to read."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class CheckError(EdgeError):
    """A check failed: parity, verification or a budget."""


class BundleError(CheckError):
    """The bundle is damaged, incomplete or not what its manifest says."""


class InputError(EdgeError):
    """What the user gave cannot be used: an option, a folder, an image, a text."""

    exit_code = 2


class EnvironmentLackError(EdgeError):
    """This machine lacks something: an engine, a version, memory, an interpreter."""

    exit_code = 3


class SessionError(EnvironmentLackError):
    """The inference engine is missing, or refused the artifact."""
