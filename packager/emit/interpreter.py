"""Other interpreters that the build needs, because what they have does not go together with what this one has."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edge.child import child_environment
from packager.errors import ToolError

# Not from the current folder, which may be a stranger's model.
PROBE = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import {module}, importlib.metadata
print(importlib.metadata.version("{package}"))
"""


@dataclass(frozen=True)
class Interpreter:
    """The interpreter that has `package`: the one that the environment variable names, else this one.

    `module` is what must be importable there, `oldest` the first version of the package that counts.
    """

    variable: str
    package: str
    module: str
    oldest: int
    remedy: str

    @property
    def path(self) -> Path:
        """Where it is; raises ToolError unless it imports the module."""
        return self._checked()[0]

    @property
    def version(self) -> str:
        """The version of the package there; raises ToolError."""
        return self._checked()[1]

    def _checked(self) -> tuple[Path, str]:
        python = os.environ.get(self.variable) or sys.executable
        version = _version(python, PROBE.format(module=self.module, package=self.package), self.remedy)
        if not version or int(version.partition(".")[0]) < self.oldest:
            wanted = f"{self.package} {self.oldest}" if version else self.package
            raise ToolError(f"the interpreter {python} has no {wanted}", remedy=self.remedy)
        return Path(python), version


@cache
def _version(python: str, probe: str, remedy: str) -> str:
    """What the probe prints; empty where it fails."""
    env = dict(os.environ) if python == sys.executable else child_environment()
    try:
        done = subprocess.run(  # noqa: S603 (the user names it)
            [python, "-c", probe], capture_output=True, check=False, timeout=60, env=env
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"the interpreter {python} does not start: {error}", remedy=remedy) from error
    return done.stdout.decode().strip() if done.returncode == 0 else ""
