"""Wheels for another machine's Python: which there are, as pip resolves them, and what they install."""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from edge.digests import sha256_file
from edge.errors import InputError
from packager.errors import ToolError
from packager.image.entry import FILE, PROGRAM, Entry
from packager.image.lock import RELOCK, Locked

GLIBCS = (39, 36, 35, 34, 31, 28, 27, 17)
"""Minor versions of glibc 2 that wheels are named after; a base has one of them or a later one."""

LARGEST = 1 << 30
"""Bytes of one file in a wheel."""

MOST_SECONDS = 1800
SITE = "usr/lib/python3/dist-packages"


@dataclass(frozen=True)
class Device:
    """What wheels are for: a Python (`3.13`) on a machine (`aarch64`) with glibc 2.`glibc`."""

    python: str
    machine: str
    glibc: int


def download_wheels(
    names: Sequence[str], device: Device, folder: Path, *, constraints: Path | None = None, alone: bool = False
) -> list[Path]:
    """Put the wheels of projects and, unless `alone`, of what they need into the empty `folder`.

    pip fetches them, from where it is set up to look. Raises InputError where there is no wheel for one.
    """
    tag = f"cp{device.python.replace('.', '')}"
    places = [f"manylinux_2_{minor}_{device.machine}" for minor in GLIBCS if minor <= device.glibc]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--quiet",
        "--only-binary=:all:",
        "--dest",
        str(folder),
    ]
    # The Python that pip runs in is another one.
    command += ["--ignore-requires-python", f"--python-version={device.python}", "--implementation=cp"]
    command += [f"--abi={abi}" for abi in (tag, "abi3", "none")]
    command += [f"--platform={place}" for place in (*places, f"manylinux2014_{device.machine}")]
    command += [f"--constraint={constraints}"] if constraints else []
    command += ["--no-deps"] if alone else []
    done = subprocess.run([*command, *names], capture_output=True, text=True, check=False, timeout=MOST_SECONDS)  # noqa: S603
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")][-1:] or ["no reason given"]
        raise InputError(
            f"no wheels for Python {device.python} on {device.machine}: {said[0].removeprefix('ERROR: ')}",
            remedy="choose a base with another Python, or other versions",
        )
    return sorted(folder.glob("*.whl"))


def describe_wheel(wheel: Path) -> Locked:
    """What a lock says of a wheel; raises ToolError where its name is not that of one (PEP 427)."""
    try:
        name, version, _, _ = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as error:
        raise ToolError(f"{wheel.name} is no wheel", remedy=RELOCK) from error
    size, digest = wheel.stat().st_size, sha256_file(wheel)
    return Locked(name=name, version=str(version), file=wheel.name, size=size, sha256=digest)


def wheel_entries(wheel: Path, package: Locked) -> Iterator[Entry]:
    """What the wheel installs (PEP 427): its packages, data, and a program for each console script.

    Raises ToolError where it is no wheel.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            for info in sorted(archive.infolist(), key=lambda info: info.filename):
                path = _installed(info.filename)
                if info.is_dir() or path is None:
                    continue
                if info.file_size > LARGEST:
                    raise ToolError(f"{package.name} holds {info.filename}, which is too large", remedy="leave it out")
                program = bool(info.external_attr >> 16 & 0o100) or path.startswith("usr/bin/")
                yield Entry(path=path, mode=PROGRAM if program else FILE, part=package.name, content=archive.read(info))
                if path.endswith(".dist-info/entry_points.txt"):
                    yield from _scripts(archive.read(info).decode(), package.name)
    except (zipfile.BadZipFile, OSError, ValueError, configparser.Error) as error:
        raise ToolError(f"the wheel of {package.name} is damaged ({error})", remedy=RELOCK) from error


def _installed(name: str) -> str | None:
    """Where a member of a wheel goes; None where it goes nowhere."""
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return f"{SITE}/{name}"
    kind, _, inner = rest.partition("/")
    places = {"purelib": SITE, "platlib": SITE, "scripts": "usr/bin", "data": "usr"}
    return f"{places[kind]}/{inner}" if kind in places and inner else None


def _scripts(text: str, part: str) -> Iterator[Entry]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    for name, target in parser["console_scripts"].items() if parser.has_section("console_scripts") else ():
        module, _, function = target.split("[")[0].strip().partition(":")
        script = f"#!/usr/bin/python3\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
        yield Entry(path=f"usr/bin/{name}", mode=PROGRAM, part=part, content=script.encode())
