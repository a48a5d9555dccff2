"""The host's errors; the device's are in `edge.errors`."""

from __future__ import annotations

from edge.errors import CheckError, EdgeError, EnvironmentLackError, InputError


class SourceError(InputError):
    """The model folder or repository cannot be used: missing, truncated, dangerous or of no known kind."""


class LicenceError(InputError):
    """The licence is unknown or forbids the use, and was not accepted."""


class UnsupportedModelError(InputError):
    """The network has operators or inputs that this version cannot take."""


class ExportRefusedError(UnsupportedModelError):
    """torch.export cannot trace the network: it branches on values, or its code is for one size only."""


class ParityError(CheckError):
    """A hop's numbers differ from the reference by more than the tolerance."""


class HubError(EnvironmentLackError):
    """The hub or its mirror could not be reached."""


class DeviceError(EnvironmentLackError):
    """A device could not be reached, or nothing could be measured on it."""


class ToolError(EnvironmentLackError):
    """A converter or interpreter that the build needs is missing or failed."""


class WorkerError(EdgeError):
    """A stage's process died, or failed in a way that no stage foresees."""

    def __init__(self, module: str, ending: str, said: str) -> None:
        stopped = f"{module.removeprefix('packager.')} stopped with {ending}"
        killed = ending == "signal SIGKILL"
        super().__init__(
            f"{stopped}: {said}" if said else stopped,
            remedy="memory may have run out: close other programs" if killed else "packager --debug says more",
        )
