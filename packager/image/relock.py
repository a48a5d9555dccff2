"""Makes a lock: what the archive and the index have now, each package fetched once to know its size and digest."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from edge.errors import InputError
from packager.image.archive import Archive, needed
from packager.image.fetch import Fetch
from packager.image.lock import FORMAT, MACHINES, Lock
from packager.image.parts import PACKAGES, WHEELS, WITHOUT_PACKAGES, WITHOUT_WHEELS
from packager.image.wheels import Device, describe_wheel, download_wheels


def make_lock(archive: Archive, fetch: Fetch, engine: str = "onnxruntime", constraints: Path | None = None) -> Lock:
    """Raises InputError where the suite or the index lacks something, ToolError where a check fails."""
    packages = archive.packages(fetch)
    debian = needed(PACKAGES, packages, WITHOUT_PACKAGES)
    device = Device(_python([one.name for one in debian]), MACHINES[archive.architecture], _glibc(packages))
    wheels = []
    with tempfile.TemporaryDirectory(prefix="edgepack-wheels-") as folder:
        for file in download_wheels(WHEELS[engine], device, Path(folder), constraints=constraints):
            wheel = describe_wheel(file)
            if wheel.name not in WITHOUT_WHEELS:
                fetch.keep(file, wheel)
                wheels.append(wheel)
    return Lock(
        format=FORMAT,
        suite=archive.suite,
        architecture=archive.architecture,
        python=device.python,
        glibc=device.glibc,
        packages=tuple(debian),
        wheels=tuple(wheels),
    )


def _python(names: Sequence[str]) -> str:
    found = [match[1] for name in names if (match := re.fullmatch(r"python(3\.\d+)-minimal", name))]
    if len(found) != 1:
        raise InputError("the suite has no one Python 3", remedy="choose another suite")
    return found[0]


def _glibc(packages: Mapping[str, Mapping[str, str]]) -> int:
    return int(packages["libc6"]["Version"].split(".")[1].split("-")[0])
