"""The host's errors; the device's are in `edge.errors`."""

from __future__ import annotations

from edge.errors import CheckError, EdgeError, EnvironmentLackError, InputError


class SourceError(InputError):
    """The model folder or repository cannot be used: missing, truncated, dangerous or of no known kind."""


class LicenceError(InputError):
    """The licence is unknown or forbids the use, and was not accepted."""


class UnsupportedModelError(InputError):
    """The network has operators or inputs that this version cannot take."""


class ParityError(CheckError):
    """A hop's numbers differ from the reference by more than the tolerance."""


class HubError(EnvironmentLackError):
    """The hub or its mirror could not be reached."""


class ToolError(EnvironmentLackError):
    """A converter or interpreter that the build needs is missing or failed."""


class WorkerError(EdgeError):
    """A stage's process died."""

    def __init__(self, module: str, ending: str, tail: str) -> None:
        stage = module.rsplit(".", 1)[-1]
        super().__init__(f"{stage} stopped with {ending}: {tail}" if tail else f"{stage} stopped with {ending}")
