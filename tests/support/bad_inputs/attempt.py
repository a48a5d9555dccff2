"""What a bad input is made from, and what is tried with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
# What the program tells about its progress is no part of its refusal.
LOG = re.compile(r"(edge|packager): (INFO|WARNING): ")


@dataclass(frozen=True)
class Materials:
    """A folder to work in, and good things to spoil: a small image classifier's folder, its bundle, an image; a hub.

    What is bad from the start needs the folder alone.
    """

    scratch: Path
    model: Path = Path()
    bundle: Path = Path()
    image: Path = Path()
    endpoint: str = ""
    repository: str = ""

    def copy_of_model(self) -> Path:
        """A model folder that may be changed."""
        return Path(shutil.copytree(self.model, self.scratch / "model"))

    def copy_of_bundle(self) -> Path:
        """A bundle that may be changed."""
        return Path(shutil.copytree(self.bundle, self.scratch / "copy.edge"))

    @property
    def out(self) -> Path:
        """Where a build would put its bundle."""
        return self.scratch / "out" / "out.edge"


@dataclass(frozen=True)
class Attempt:
    """A command, and the paths that must not exist after it."""

    command: tuple[str | Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    forbidden: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Bad:
    """One bad input: the documented exit code, and a pattern for what tells the user which it was."""

    name: str
    code: int
    says: str
    make: Callable[[Materials], Attempt]


@dataclass(frozen=True)
class Verdict:
    """What was said, and everything that is wrong with it; nothing is wrong with a good refusal."""

    message: str
    faults: tuple[str, ...]


def build(materials: Materials, source: str | Path, *options: str, **environment: str) -> Attempt:
    """A `packager build` that must fail: ONNX Runtime's artifact only, so that nothing else can be to blame."""
    engine = () if "--engine" in options else ("--engine", "onnxruntime")
    command = ("packager", "build", source, "-o", materials.out, *engine, *options)
    return Attempt(command, environment, (materials.out,))


def judge(bad: Bad, materials: Materials) -> Verdict:
    """Make the input, try it, and compare with what is documented."""
    attempt = bad.make(materials)
    name, *arguments = attempt.command
    done = subprocess.run(
        [BIN / name, *arguments] if name in ("edge", "packager") else attempt.command,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **attempt.environment},
    )
    lines = [line for line in done.stderr.splitlines() if line.strip() and not LOG.match(line)]
    message = lines[0] if lines else ""
    faults = [
        *([] if done.returncode == bad.code else [f"exit code {done.returncode}, not {bad.code}"]),
        *([] if "Traceback" not in done.stderr + done.stdout else ["a traceback"]),
        *([] if 1 <= len(lines) <= 2 else [f"{len(lines)} lines, not one and its remedy"]),
        *([] if message.startswith(("edge: ", "packager: ")) else ["the message does not say who speaks"]),
        *([] if re.search(bad.says, done.stderr, re.IGNORECASE | re.DOTALL) else [f"{bad.says!r} is not said"]),
        *(f"{path.name} exists" for path in attempt.forbidden if os.path.lexists(path)),
        *(f"{path.name} was left" for path in materials.out.parent.glob(".*")),
    ]
    said = "; ".join(line.strip() for line in lines)
    return Verdict(said or done.stdout[-200:], tuple(faults))
