"""Builds an image: four kinds of layers, from what changes least to the bundles."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import edge
from edge.bundle import Bundle
from packager.image.deb import package_control, package_entries
from packager.image.entry import FILE, FOLDER, Entry, entries_under
from packager.image.layer import Layer, write_layer
from packager.image.layout import Image, write_image
from packager.image.lock import Lock, Locked
from packager.image.parts import kept
from packager.image.wheels import SITE, wheel_entries
from packager.progress import step

USER = 65532
"""The user that distroless images run as, too; it owns nothing."""

BUNDLES = "bundles"
ENVIRONMENT = ("ORT_DISABLE_TELEMETRY=1", "PATH=/usr/bin", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1")
ARCHITECTURES = {"arm64": ("arm64", "v8"), "amd64": ("amd64", "")}
PASSWORDS = f"root:x:0:0:root:/root:/usr/sbin/nologin\nedge:x:{USER}:{USER}:edge:/:/usr/sbin/nologin\n"
GROUPS = f"root:x:0:\nedge:x:{USER}:\n"

Package = Callable[[Locked], Path]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What an image is made of; `name` is its reference, `epoch` the time of everything in it, since 1970."""

    name: str
    lock: Lock
    bundles: Sequence[Bundle]
    compression: str = "gzip"
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class Built:
    """The digest of the image's manifest, and its layers from the bottom up."""

    digest: str
    layers: Sequence[Layer]


def build_image(recipe: Recipe, package: Package, out: Path, check: Callable[[Sequence[Layer]], None]) -> Built:
    """Write the image `out`; `package` gives the file of a locked package, `check` may refuse the layers.

    Raises the errors of both, ToolError for a package that is not what it says, EnvironmentLackError where the
    disk refuses. Nothing is left under the name `out` then.
    """
    with tempfile.TemporaryDirectory(prefix="edgepack-image-") as folder:
        layers = []
        for number, (title, entries) in enumerate(_layers(recipe, package)):
            with step("layer", title):
                file = Path(folder) / str(number)
                layers.append(
                    write_layer(entries, file, recipe.compression, epoch=recipe.epoch, created_by=f"edgepack: {title}")
                )
        check(layers)
        architecture, variant = ARCHITECTURES[recipe.lock.architecture]
        image = Image(
            name=recipe.name,
            architecture=architecture,
            variant=variant,
            layers=layers,
            config=_config(recipe),
            annotations=_annotations(recipe),
            created=datetime.fromtimestamp(recipe.epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            epoch=recipe.epoch,
        )
        with step("image", str(out)):
            return Built(digest=write_image(image, out), layers=layers)


def _layers(recipe: Recipe, package: Package) -> Iterator[tuple[str, Iterator[Entry]]]:
    lock = recipe.lock
    python = [one for one in lock.packages if "python3" in one.name]
    base = [one for one in lock.packages if one not in python]
    yield f"Debian {lock.suite}", _base(base, package)
    yield f"Python {lock.python} with engines", _python(python, lock, package)
    yield f"edge {edge.__version__}", _edge()
    for bundle in recipe.bundles:
        yield f"bundle {bundle.manifest.name}", entries_under(bundle.path, f"{BUNDLES}/{bundle.path.name}", "bundle")


def _base(packages: Sequence[Locked], package: Package) -> Iterator[Entry]:
    for top in ("bin", "lib", "sbin"):
        yield Entry(path=top, mode=0o777, part="base", link=f"usr/{top}")
    for locked in packages:
        yield from _debian(locked, package)
    yield Entry(path="etc/passwd", mode=FILE, part="base", content=PASSWORDS.encode())
    yield Entry(path="etc/group", mode=FILE, part="base", content=GROUPS.encode())
    yield Entry(path="tmp", mode=0o1777, part="base")
    for mount in ("dev", "proc", "sys"):
        yield Entry(path=mount, mode=FOLDER, part="base")


def _python(packages: Sequence[Locked], lock: Lock, package: Package) -> Iterator[Entry]:
    for locked in packages:
        yield from _debian(locked, package)
    for locked in lock.wheels:
        yield from kept(wheel_entries(package(locked), locked))


def _debian(locked: Locked, package: Package) -> Iterator[Entry]:
    file = package(locked)
    yield from kept(package_entries(file, locked.name))
    # Where images without dpkg say which packages they have: scanners look there.
    described = package_control(file)
    yield Entry(path=f"var/lib/dpkg/status.d/{locked.name}", mode=FILE, part=locked.name, content=described)


def _edge() -> Iterator[Entry]:
    folder = Path(edge.__file__).parent
    for entry in entries_under(folder, f"{SITE}/edge", "edge"):
        if "__pycache__" not in entry.path and (entry.content is None or entry.path.endswith((".py", ".typed"))):
            yield entry
    program = b"#!/usr/bin/python3\nimport sys\nfrom edge.cli import main\nsys.exit(main())\n"
    yield Entry(path="usr/bin/edge", mode=0o755, part="edge", content=program)


def _config(recipe: Recipe) -> dict[str, object]:
    return {
        "Entrypoint": ["/usr/bin/edge"],
        "Env": list(ENVIRONMENT),
        "User": f"{USER}:{USER}",
        "WorkingDir": f"/{BUNDLES}",
        "Labels": dict(_annotations(recipe)),
    }


def _annotations(recipe: Recipe) -> dict[str, str]:
    """The keys that the OCI image specification defines, as far as something is to be said."""
    bundles = [bundle.manifest for bundle in recipe.bundles]
    known = {
        "title": recipe.name,
        "version": edge.__version__,
        "source": " ".join(one.source.repository for one in bundles),
        "revision": " ".join(one.source.revision for one in bundles),
        "licenses": " AND ".join(sorted({one.source.licence.id for one in bundles})),
    }
    return {f"org.opencontainers.image.{key}": value for key, value in known.items() if value}
