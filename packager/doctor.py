"""What this host has of what a build needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from edge.errors import EdgeError
from edge.records import Record
from packager.emit.interpreter import Interpreter
from packager.emit.lite_python import LITE
from packager.emit.paddle3_python import PADDLE3
from packager.extra import PACKAGES, REMEDY


@dataclass(frozen=True, kw_only=True)
class ToolState(Record):
    """A tool: its version, or the remedy where it is missing."""

    name: str
    version: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class HostDiagnosis(Record):
    """All tools, and whether the artifacts of each engine can be built."""

    tools: tuple[ToolState, ...]
    engines: Mapping[str, bool]

    @property
    def can_build(self) -> bool:
        """Whether a bundle for at least one engine can be built."""
        return any(self.engines.values())


def diagnose_host() -> HostDiagnosis:
    """Look for every tool; what is missing is told, not raised."""
    tools = [_package(name) for name in PACKAGES]
    host = all(tool.version for tool in tools)
    lite, newer = _elsewhere("paddlelite", LITE), _elsewhere("paddle2onnx 2", PADDLE3)
    return HostDiagnosis(
        tools=(*tools, lite, newer), engines={"onnxruntime": host, "paddlelite": host and bool(lite.version)}
    )


def _package(name: str) -> ToolState:
    try:
        return ToolState(name=name, version=version(name))
    except PackageNotFoundError:
        return ToolState(name=name, remedy=REMEDY)


def _elsewhere(name: str, interpreter: Interpreter) -> ToolState:
    """What another interpreter has."""
    try:
        return ToolState(name=name, version=interpreter.version)
    except EdgeError as error:
        return ToolState(name=name, remedy=f"{error.message}; {error.remedy}")
